"""Many states and the six treaties: invented depositary rows in the model of data/reference/depositary.

    .venv/bin/python tests/benchmarks/treaty_states.py FOLDER [--states N] [--treaties N]
    .venv/bin/python tests/benchmarks/build.py --with FOLDER

The 14 shipped states keep their rows; the others, up to 196 in all unless said, are invented, with the codes
that ISO 3166 leaves to its users. With --treaties, invented treaties of which only the rows are known are
added. The same numbers give the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, serialize

from surplace.build.records import passages_digest
from surplace.namespaces import ID, PROVENANCE, RDF, SKOS, SOURCE, SUR, VOCAB, XSD

SHIPPED = 14
HORIZON = "2015-03-14"
TREATIES = {
    "1951-convention": ("1951 Convention", "V-2", 1952, "1951-convention/article/26", ""),
    "1967-protocol": ("1967 Protocol", "V-5", 1967, "", "1967-protocol/article/IV"),
    "cat": ("Convention against Torture", "IV-9", 1985, "", "cat/article/30/1"),
    "cedaw": ("CEDAW", "IV-8", 1980, "", "cedaw/article/29/1"),
    "crc": ("Convention on the Rights of the Child", "IV-11", 1990, "crc/article/22/1", ""),
    "iccpr": ("ICCPR", "IV-4", 1967, "iccpr/article/13", ""),
}
"""Label, number at the depositary, first year of the invented rows, and a provision that some states reserve:
one of those that lay down a norm, or the clause on the court."""


def states(number: int) -> list[str]:
    """Return *number* codes that ISO 3166 leaves to its users: XAA, XAB, …"""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return [f"X{letters[n // 26 % 26]}{letters[n % 26]}" for n in range(number)]


def quads(number: int, treaties: int = 0) -> dict[str, list[Quad]]:
    """Return the quads of each file for *number* invented states and as many invented *treaties*."""
    codes = states(number)
    label = {code: f"State {code}" for code in codes}
    passage = SOURCE + "invented-states/names"
    files = {"states": [*_source("invented-states", "Names of invented states", "editorial")]}
    files["states"] += _passage(passage, "invented-states", "EditorialPassage", "Names of invented states")
    files["states"].append(
        _says(passage, SKOS + "note", "The states are invented.", PROVENANCE, language="en")
    )
    for code in codes:
        about = ID + f"state/{code}"
        files["states"] += [
            _is(about, RDF + "type", SUR + "State", passage),
            _says(about, SKOS + "prefLabel", label[code], passage, language="en"),
            _says(about, SUR + "hasIsoCode", code, passage),
        ]
    digests: dict[str, str] = {}
    invented = {
        f"invented-{n}": (f"Invented Treaty {n}", f"XX-{n}", 1950 + n % 40, "", "")
        for n in range(1, treaties + 1)
    }
    for place, (slug, about_treaty) in enumerate((TREATIES | invented).items()):
        files[slug] = list(_table(slug, about_treaty, place, label, digests))
    record = _source("invented-rows", "Invented participation tables", "depositary-record")
    untc = SOURCE + "invented-rows"
    files["rows"] = [
        *record,
        _says(untc, SUR + "hasHorizon", HORIZON, PROVENANCE, XSD + "date"),
        _says(untc, SUR + "isPublishedOn", HORIZON, PROVENANCE, XSD + "date"),
        _says(
            untc,
            SUR + "hasPassagesDigest",
            passages_digest(digests[passage] for passage in sorted(digests)),
            PROVENANCE,
        ),
    ]
    return files


def _table(
    slug: str,
    about: tuple[str, str, int, str, str],
    place: int,
    states: dict[str, str],
    digests: dict[str, str],
) -> Iterator[Quad]:
    """Yield the rows of a treaty: of ten states one signs only, one does nothing; some succeed or reserve."""
    treaty, number, year, norm, clause = about
    table = f"{SOURCE}invented-rows/{number}"
    instrument = f"{ID}instrument/{slug}"
    absent = []
    for n, (code, label) in enumerate(states.items()):
        kind = (n * 7 + place * 3) % 10
        if kind == 0:
            absent.append(code)
            continue
        row = f"{table}/{code}"
        yield from _record(row, f"{label}, {treaty}", f"row “{label}”, {treaty}", digests)
        day = date(year, 1, 1) + timedelta(days=(n * 211 + place * 37) % 8000)
        if kind in (1, 2, 3):
            signature = f"{ID}signature/{slug}/{code}"
            yield _is(signature, RDF + "type", SUR + "Signature", row)
            yield _says(
                signature, SKOS + "prefLabel", f"{label}: signature of the {treaty}", row, language="en"
            )
            yield _is(signature, SUR + "isSignedBy", f"{ID}state/{code}", row)
            yield _is(signature, SUR + "signs", instrument, row)
            yield _says(signature, SUR + "isSignedOn", str(day), row, XSD + "date")
        if kind == 1:
            absent.append(code)
            continue
        act = "Ratification" if kind in (2, 3) else "Succession" if n % 13 == 0 else "Accession"
        deposit = day + timedelta(days=400 if act == "Ratification" else 0)
        consent = f"{ID}consent/{slug}/{code}"
        yield _is(consent, RDF + "type", SUR + act, row)
        yield _says(consent, SKOS + "prefLabel", f"{label}: {act.lower()}: {treaty}", row, language="en")
        yield _says(consent, SUR + "isDepositedOn", str(deposit), row, XSD + "date")
        yield _is(consent, SUR + "isGivenBy", f"{ID}state/{code}", row)
        yield _is(consent, SUR + "isGivenTo", instrument, row)
        for provision in {norm, clause} - {""} if n % 11 == 4 else ():
            reservation = f"{ID}reservation/{slug}/{code}/1"
            said = f"{row}/declaration"
            yield from _record(
                said, f"{label}, statements, {treaty}", f"text under “{label}”, {treaty}", digests
            )
            yield _is(reservation, RDF + "type", SUR + "Reservation", said)
            text = f"{label}: reservation to the {treaty}, {provision.partition('/')[2]}"
            yield _says(reservation, SKOS + "prefLabel", text, said, language="en")
            yield _is(reservation, SUR + "excludes", f"{ID}instrument/{provision}", said)
            yield _is(reservation, SUR + "isMadeBy", f"{ID}state/{code}", said)
            yield _is(reservation, SUR + "isMadeUpon", consent, said)
    if slug not in TREATIES:
        yield _is(instrument, RDF + "type", SUR + "Treaty", table)
        yield _says(instrument, SKOS + "prefLabel", treaty, table, language="en")
        yield _says(instrument, SUR + "hasDepositaryNumber", number, table)
    yield from _record(table, f"participants in {treaty}", f"{treaty}, table as a whole", digests)
    for code in absent:
        yield _is(f"{ID}state/{code}", SUR + "isNotPartyTo", instrument, table)


def _source(name: str, label: str, kind: str) -> Iterator[Quad]:
    """Yield the record of a source."""
    source = SOURCE + name
    yield _is(source, RDF + "type", SUR + "Source", PROVENANCE)
    yield _says(source, SKOS + "prefLabel", label, PROVENANCE, language="en")
    yield _is(source, SUR + "hasSourceKind", f"{VOCAB}source-kind/{kind}", PROVENANCE)


def _passage(passage: str, source: str, kind: str, label: str) -> Iterator[Quad]:
    """Yield the record of a passage."""
    yield _is(passage, RDF + "type", SUR + kind, PROVENANCE)
    yield _says(passage, SKOS + "prefLabel", label, PROVENANCE, language="en")
    yield _is(passage, SUR + "isPassageOf", SOURCE + source, PROVENANCE)


def _record(passage: str, label: str, locator: str, digests: dict[str, str]) -> Iterator[Quad]:
    """Yield the record of a passage of the depositary; its digest goes to *digests*."""
    digests[passage] = hashlib.sha256(passage.encode()).hexdigest()
    yield from _passage(passage, "invented-rows", "RecordPassage", f"Invented record: {label}")
    yield _says(passage, SUR + "hasLocator", locator, PROVENANCE)
    yield _says(passage, SUR + "hasDigest", digests[passage], PROVENANCE)


def _is(subject: str, predicate: str, value: str, graph: str) -> Quad:
    """Make a quad about two things."""
    return Quad(NamedNode(subject), NamedNode(predicate), NamedNode(value), NamedNode(graph))


def _says(
    subject: str, predicate: str, text: str, graph: str, datatype: str = XSD + "string", language: str = ""
) -> Quad:
    """Make a quad about a thing and a literal."""
    value = Literal(text, language=language) if language else Literal(text, datatype=NamedNode(datatype))
    return Quad(NamedNode(subject), NamedNode(predicate), value, NamedNode(graph))


def write(folder: Path, number: int, treaties: int = 0) -> None:
    """Write the files for *number* invented states, and as many invented *treaties*, into *folder*."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, found in quads(number, treaties).items():
        (folder / f"{name}.trig").write_bytes(serialize(found, format=RdfFormat.TRIG) or b"")


def main() -> None:
    """Write the rows."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("folder", type=Path, help="where the files go")
    parser.add_argument("--states", type=int, default=196, help="states in all, the shipped 14 included")
    parser.add_argument("--treaties", type=int, default=0, help="invented treaties besides the six")
    given = parser.parse_args()
    write(given.folder, given.states - SHIPPED, given.treaties)


if __name__ == "__main__":
    main()
