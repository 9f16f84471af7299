"""`surplace assess`: which grounds may apply to a person who is described, and which norms protect it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import click

from surplace.cli.naming import code_of, place_of
from surplace.cli.options import release_option
from surplace.engine.release import find_release
from surplace.suppose.description import described
from surplace.suppose.person import Assessment, assess
from surplace.suppose.standing import merged

NOTICE = "This is research on what sources say, not legal advice; nothing about the person is stored."


@click.command(
    epilog="Example: surplace assess --yes left-without-permission --origin PRK --stay CHN --on 2010-09-13"
)
@click.option(
    "--yes", multiple=True, metavar="CIRCUMSTANCE", help="A circumstance that is given; may be repeated."
)
@click.option("--no", multiple=True, metavar="CIRCUMSTANCE", help="One that is not given; may be repeated.")
@click.option("--origin", default="", metavar="STATE", help="The country of origin, as PRK or North Korea.")
@click.option("--nationality", multiple=True, metavar="STATE", help="A nationality; may be repeated.")
@click.option(
    "--stay",
    default="",
    metavar="STATE",
    help="The country of stay, such as CHN, or a territory, as CHN/hong-kong.",
)
@click.option("--on", "day", default="", metavar="DAY", help="The day of the stay (the end of the record).")
@click.option("--json", "for_programs", is_flag=True, help="Report as JSON on standard output.")
@release_option
def command(
    yes: tuple[str, ...],
    no: tuple[str, ...],
    origin: str,
    nationality: tuple[str, ...],
    stay: str,
    day: str,
    for_programs: bool,
    release: Path | None,
) -> None:
    """List the grounds that may apply to a person and the norms that protect it, with reasons.

    What is given in neither --yes nor --no is unknown. Circumstances are those of the vocabularies of risk
    factors, legal circumstances and motives; a wrong one is answered with the list.
    """
    of = find_release(release)
    origin, stay = code_of(of, "State", origin, "--origin"), place_of(of, stay, "--stay")
    nationality = tuple(code_of(of, "State", text, "--nationality") for text in nationality)
    found = assess(of, described(yes, no, origin, stay, nationality, day))
    if for_programs:
        click.echo(json.dumps({"notice": NOTICE, **asdict(found)}, indent=2, ensure_ascii=False))
        return
    for line in _lines(found):
        click.echo(line)
    click.echo(NOTICE)


def _lines(found: Assessment) -> Iterator[str]:
    """Write an assessment line by line."""
    yield " ".join(filter(None, (found.sentence, found.on_record, *found.besides)))
    for text in found.contradictions:
        yield f"contradiction: {text}"
    for asked in found.missing_facts:
        yield f"would change this: {asked.key} (the person {asked.words})"
        yield from _listed("  worth asking because of", asked.raised_by)
        yield from _listed("  if yes", asked.yes)
        yield from _listed("  if no", asked.no)
    for ground in found.grounds:
        yield f"{ground.label}: {ground.result} ({', '.join(ground.legal_basis)})"
        for element in ground.elements:
            yield f"  {element.result}: {element.label}"
            because = "because of" if element.result == "met" else "supported, not made out, by"
            yield from _listed(f"    {because}", element.evidence)
            for half in element.halves:
                yield f"    in part: {half.evidence}"
                yield from _listed("      given", half.given)
                yield from _listed("      wanting", half.wanting)
            yield from _listed("    depends on", element.depends_on)
        for caveat in ground.caveats:
            yield f"  caveat: {caveat}"
        yield from _listed("  leads to", ground.protection)
    for clause in found.clauses:
        yield f"{clause.label}: {clause.effect}, because of {_joined(clause.given)}"
        yield from _listed("  if", clause.terms)
        yield from _listed("  leaves untouched", clause.spares)
    for norm in found.protection:
        yield f"{norm.result}: {norm.label}{f', {norm.state}' if norm.state else ''}, {found.day}"
        yield from _listed("  lacking", [norm.lacks] if norm.lacks else [])
        yield from _listed("  because of", norm.because)
        yield from _listed("  if", norm.conditions)
        yield from _listed("  withheld by", norm.withheld)
        yield from _listed("  as read by", norm.readings)
        for standing in merged(norm.standings):
            yield f"  {standing.kind} ({standing.treaty}): {standing.reason}"
            yield from _listed("    caveat", standing.caveats)
        yield from _listed("  custom", [norm.custom] if norm.custom else [])
    for whole in found.caveats:
        yield f"{whole.state}, {_joined(whole.treaties)}: whichever norm is looked at"
        yield f"  caveat: {whole.caveat}"
    for harm in found.harms:
        yield f"harm {harm.likelihood} on return: {harm.label} ({harm.people})"
        yield from _listed("  also needs", harm.wanting)
    for fact in found.facts:
        yield f"{fact.label} ({fact.answer}): {fact.outcome}"
        yield from _listed("  used in", fact.used_in)
        yield from _listed("  also needs", fact.also_needs)


def _listed(title: str, items: Sequence[str]) -> Iterator[str]:
    if items:
        yield f"{title}: {_joined(items)}"


def _joined(items: Iterable[str]) -> str:
    return "; ".join(items)
