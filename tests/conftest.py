"""A small invented world in a temporary folder: two states, two treaties, an article, a claim."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import distributions
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from filelock import FileLock
from pyoxigraph import Store

import surplace
from browser import chromium
from persons import Assess, assessing
from service import Service, make_release, serving
from surplace import resources
from surplace.build.kept import KEPT
from surplace.build.pipeline import Inputs, build
from surplace.cli import main
from surplace.engine.release import CURRENT, find_release
from surplace.face.bundle import FOLDER
from surplace.namespaces import sparql_prologue
from two_engines import Engines

if TYPE_CHECKING:
    from playwright.sync_api import Browser

RELEASES_KEPT = 3
"""How many releases of the project stay in the cache."""

MODULE = """
sur:Act a owl:Class ; skos:prefLabel "act"@en .
sur:Agent a owl:Class ; skos:prefLabel "agent"@en ; owl:disjointWith sur:Act .
sur:State a owl:Class ; rdfs:subClassOf sur:Agent ; skos:prefLabel "state"@en .
sur:ConsentToBeBound a owl:Class ; rdfs:subClassOf sur:Act ; skos:prefLabel "consent to be bound"@en .
sur:Accession a owl:Class ; rdfs:subClassOf sur:ConsentToBeBound ; skos:prefLabel "accession"@en .
sur:Ratification a owl:Class ; rdfs:subClassOf sur:ConsentToBeBound ; skos:prefLabel "ratification"@en .
[] a owl:AllDisjointClasses ; owl:members ( sur:Accession sur:Ratification ) .
sur:isDoneBy a owl:ObjectProperty ; skos:prefLabel "is done by"@en ;
    rdfs:domain sur:Act ; rdfs:range sur:State .
sur:isGivenBy a owl:ObjectProperty ; rdfs:subPropertyOf sur:isDoneBy ; skos:prefLabel "is given by"@en .
sur:gives a owl:ObjectProperty ; owl:inverseOf sur:isGivenBy ; skos:prefLabel "gives"@en .
sur:isGivenTo a owl:ObjectProperty ; skos:prefLabel "is given to"@en .
sur:hasConsentedTo a owl:ObjectProperty ; owl:propertyChainAxiom ( sur:gives sur:isGivenTo ) ;
    skos:prefLabel "has consented to"@en .
sur:isPartOf a owl:ObjectProperty, owl:TransitiveProperty ; skos:prefLabel "is part of"@en .
sur:comprises a owl:ObjectProperty ; owl:inverseOf sur:isPartOf ; skos:prefLabel "comprises"@en .
sur:contradicts a owl:ObjectProperty, owl:SymmetricProperty ; skos:prefLabel "contradicts"@en .
sur:Reservation a owl:Class ; rdfs:subClassOf sur:Act ; skos:prefLabel "reservation"@en .
sur:excludes a owl:ObjectProperty ; rdfs:subPropertyOf sur:affects ; rdfs:domain sur:Reservation ;
    skos:prefLabel "excludes"@en .
sur:affects a owl:ObjectProperty ; skos:prefLabel "affects"@en .
sur:isDepositedOn a owl:DatatypeProperty ; rdfs:range xsd:date ; skos:prefLabel "is deposited on"@en .
sur:isMadeUpon a owl:ObjectProperty ; skos:prefLabel "is made upon"@en .
sur:Treaty a owl:Class ; skos:prefLabel "treaty"@en .
sur:Claim a owl:Class ; skos:prefLabel "claim"@en .
sur:isClaimedBy a owl:ObjectProperty ; skos:prefLabel "is claimed by"@en .
"""

VOCABULARY = """
status:refugee a sur:Status, skos:Concept ; skos:prefLabel "refugee"@en .
sur:Disagreement rdfs:isDefinedBy <https://w3id.org/surplace/ontology> .
sur:EditorialPassage rdfs:isDefinedBy <https://w3id.org/surplace/ontology> .
sur:ProvisionPassage rdfs:isDefinedBy <https://w3id.org/surplace/ontology> .
sur:RecordPassage rdfs:isDefinedBy <https://w3id.org/surplace/ontology> .
sur:Source rdfs:isDefinedBy <https://w3id.org/surplace/ontology> .
sur:Status rdfs:isDefinedBy <https://w3id.org/surplace/ontology> .
sur:TextPassage rdfs:isDefinedBy <https://w3id.org/surplace/ontology> .
sur:beginsWith rdfs:isDefinedBy <https://w3id.org/surplace/ontology> .
sur:endsWith rdfs:isDefinedBy <https://w3id.org/surplace/ontology> .
sur:hasDigest rdfs:isDefinedBy <https://w3id.org/surplace/ontology> .
sur:hasHorizon rdfs:isDefinedBy <https://w3id.org/surplace/ontology> .
sur:hasLocator rdfs:isDefinedBy <https://w3id.org/surplace/ontology> .
sur:hasOrder rdfs:isDefinedBy <https://w3id.org/surplace/ontology> .
sur:hasPartyCount rdfs:isDefinedBy <https://w3id.org/surplace/ontology> .
sur:hasPassagesDigest rdfs:isDefinedBy <https://w3id.org/surplace/ontology> .
sur:isCopyOf rdfs:isDefinedBy <https://w3id.org/surplace/ontology> .
sur:isPassageOf rdfs:isDefinedBy <https://w3id.org/surplace/ontology> .
sur:mentions rdfs:isDefinedBy <https://w3id.org/surplace/ontology> .
sur:prefers rdfs:isDefinedBy <https://w3id.org/surplace/ontology> .
sur:rejects rdfs:isDefinedBy <https://w3id.org/surplace/ontology> .
"""

SHAPES = """
shape:ConsentShape a sh:NodeShape ; sh:targetClass sur:ConsentToBeBound ; sh:property shape:ConsentDay .
shape:ConsentDay a sh:PropertyShape ; sh:path sur:isDepositedOn ; sh:datatype xsd:date ; sh:maxCount 1 ;
    sh:message "A consent is deposited on one day: write it as \\"1982-09-24\\"^^xsd:date." .
shape:ClaimShape a sh:NodeShape ; sh:targetClass sur:Claim ; sh:property shape:ClaimSpeaker .
shape:ClaimSpeaker a sh:PropertyShape ; sh:path sur:isClaimedBy ; sh:minCount 1 ; sh:maxCount 1 ;
    sh:message "A claim has exactly one speaker: name who says it with sur:isClaimedBy." .
shape:ReservationShape a sh:NodeShape ; sh:targetClass sur:Reservation ;
    sh:sparql shape:ReservationOwnTreaty .
shape:ReservationOwnTreaty a sh:SPARQLConstraint ;
    sh:message "{?value} belongs to another treaty: let the reservation name a provision of its own." ;
    sh:select \"\"\"SELECT $this ?value WHERE {
        $this <https://w3id.org/surplace/ontology/isMadeUpon> ?consent .
        ?consent <https://w3id.org/surplace/ontology/isGivenTo> ?treaty .
        $this <https://w3id.org/surplace/ontology/affects> ?value .
        FILTER NOT EXISTS { ?value <https://w3id.org/surplace/ontology/isPartOf> ?treaty } }\"\"\" .
"""

CHECK = """#+ summary: A treaty that nobody has consented to
#+ message: "{treaty} has no party: record a consent to it"
#+ severity: warning
PREFIX sur: <https://w3id.org/surplace/ontology/>
SELECT ?treaty WHERE {
    ?treaty a sur:Treaty .
    FILTER NOT EXISTS { ?consent sur:isGivenTo ?treaty }
}
"""

REFERENCE = """
GRAPH <https://w3id.org/surplace/source/surplace/states> {
    state:AAA a sur:State ; skos:prefLabel "Aland"@en .
    state:BBB a sur:State ; skos:prefLabel "Beland"@en .
}
GRAPH <https://w3id.org/surplace/source/untc/I-1> {
    instrument:accord a sur:Treaty ; skos:prefLabel "Accord"@en .
    instrument:pact a sur:Treaty ; skos:prefLabel "Pact"@en .
    <https://w3id.org/surplace/id/instrument/accord/article/1> sur:isPartOf instrument:accord .
    <https://w3id.org/surplace/id/instrument/accord/article/1/2>
        sur:isPartOf <https://w3id.org/surplace/id/instrument/accord/article/1> .
    <https://w3id.org/surplace/id/instrument/pact/article/1> sur:isPartOf instrument:pact .
}
GRAPH <https://w3id.org/surplace/source/untc/I-1/AAA> {
    <https://w3id.org/surplace/id/consent/accord/AAA> a sur:Accession ; sur:isGivenBy state:AAA ;
        sur:isGivenTo instrument:accord ; sur:isDepositedOn "1982-09-24"^^xsd:date .
    <https://w3id.org/surplace/id/reservation/accord/AAA/1> a sur:Reservation ;
        sur:isMadeUpon <https://w3id.org/surplace/id/consent/accord/AAA> ;
        sur:excludes <https://w3id.org/surplace/id/instrument/accord/article/1> .
}
GRAPH graph:provenance {
    source:surplace a sur:Source ; skos:prefLabel "Surplace"@en .
    source:untc a sur:Source ; skos:prefLabel "Depositary"@en ; sur:hasHorizon "2015-03-14"^^xsd:date .
    <https://w3id.org/surplace/source/surplace/states> a sur:EditorialPassage ;
        sur:isPassageOf source:surplace .
    <https://w3id.org/surplace/source/untc/I-1> a sur:RecordPassage ; sur:isPassageOf source:untc .
    <https://w3id.org/surplace/source/untc/I-1/AAA> a sur:RecordPassage ; sur:isPassageOf source:untc .
}
"""

SENTENCES = ("Aland ratified the Accord.", "Its envoy said so “twice”.[1]")
TEXT = "Aland   ratified\nthe Accord.  Its envoy said so “twice”.[1]\n"

DOCUMENT = """
# What the article says, sentence by sentence.
GRAPH <https://w3id.org/surplace/source/article/p1/s1> {
    <https://w3id.org/surplace/id/consent/accord/AAA> a sur:Ratification ; sur:isGivenBy state:AAA .
}
GRAPH <https://w3id.org/surplace/source/article/p1/s2> {
    claim:envoy a sur:Claim ; skos:prefLabel "the envoy's claim"@en ; sur:isClaimedBy person:envoy .
    person:envoy skos:prefLabel "an envoy"@en .
}
GRAPH claim:envoy { instrument:accord sur:mentions instrument:pact . }
GRAPH graph:provenance {
    source:article a sur:Source ; skos:prefLabel "Article"@en ; sur:hasPassagesDigest "@COMMON@" .
    <https://w3id.org/surplace/source/article/p1/s1> a sur:TextPassage ; sur:isPassageOf source:article ;
        sur:hasOrder 1 ; sur:beginsWith "Aland ratified" ; sur:endsWith "the Accord." ;
        sur:hasDigest "@FIRST@" .
    <https://w3id.org/surplace/source/article/p1/s2> a sur:TextPassage ; sur:isPassageOf source:article ;
        sur:hasOrder 2 ; sur:beginsWith "Its envoy" ; sur:endsWith "“twice”.[1]" ; sur:hasDigest "@SECOND@" .
}
"""

DISAGREEMENT = """
GRAPH graph:provenance {
    disagreement:act a sur:Disagreement ; sur:rejects rejected:act ;
        sur:prefers <https://w3id.org/surplace/source/untc/I-1/AAA> .
}
GRAPH rejected:act { <https://w3id.org/surplace/id/consent/accord/AAA> a sur:Ratification . }
"""


@dataclass(frozen=True)
class World:
    """The folders of a small world, and a place for its releases."""

    inputs: Inputs
    out: Path

    def change(self, name: str, old: str, new: str) -> None:
        """Replace *old*, which stands once, in a file below data/."""
        path = self.inputs.data / name
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    def place(self, name: str, start: str) -> str:
        """Return how a fault names a file below data/ and its first line that begins with *start*."""
        lines = (self.inputs.data / name).read_text(encoding="utf-8").splitlines()
        number = next(n for n, line in enumerate(lines, 1) if line.strip().startswith(start))
        return f"data/{name}, line {number}: "

    def add(self, name: str, text: str) -> None:
        """Append Turtle or TriG, prefixes already declared, to a file below data/."""
        path = self.inputs.data / name
        before = path.read_text(encoding="utf-8") if path.exists() else sparql_prologue()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(before + text, encoding="utf-8")


def sha256(text: str) -> str:
    """Return the SHA-256 of a text in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def make_world(root: Path) -> World:
    """Write the small world below *root*."""
    digests = [sha256(sentence.replace("“", '"').replace("”", '"')) for sentence in SENTENCES]
    document = DOCUMENT.replace("@FIRST@", digests[0]).replace("@SECOND@", digests[1])
    files = {
        "ontology/modules/all.ttl": MODULE,
        "ontology/vocabularies/status.ttl": VOCABULARY,
        "ontology/shapes/all.ttl": SHAPES,
        "data/reference/treaties.trig": REFERENCE,
        "data/documents/article.trig": document.replace("@COMMON@", sha256("\n".join(digests))),
        "data/disagreements.trig": DISAGREEMENT,
    }
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(sparql_prologue() + text, encoding="utf-8")
    check = root / "queries/checks/data/treaty-without-party.rq"
    check.parent.mkdir(parents=True)
    check.write_text(CHECK, encoding="utf-8")
    return World(Inputs(root / "ontology", root / "data", root / "queries"), root / "out")


@pytest.fixture
def small_world(tmp_path: Path) -> World:
    """Provide a small world of one's own, to build and to break."""
    return make_world(tmp_path / "world")


@pytest.fixture
def another_world(tmp_path: Path) -> Callable[[], World]:
    """Provide the same small world again, each time in another folder."""
    numbers = iter(range(100))
    return lambda: make_world(tmp_path / f"other-{next(numbers)}")


@pytest.fixture(scope="session")
def shipped() -> Inputs:
    """Provide the folders of the project itself."""
    return Inputs(resources.ontology_dir(), resources.data_dir(), resources.queries_dir())


@pytest.fixture(scope="session")
def project_release(
    pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory, shipped: Inputs
) -> Path:
    """Provide the folder of a release of the project itself, which nobody changes.

    It stands in the cache of pytest, for all processes that test and for the next run, until a file changes
    that the build reads or runs.
    """
    read = [shipped.ontology, shipped.data, shipped.queries]
    return kept_release(
        pytestconfig, tmp_path_factory, "project-releases", read, lambda folder: build(shipped, folder)
    )


@pytest.fixture(scope="session")
def world_release(
    pytestconfig: pytest.Config,
    tmp_path_factory: pytest.TempPathFactory,
    shipped: Inputs,
    project_release: Path,
) -> Path:
    """Provide the folder of a release of the invented world, whose treaties and people are its own.

    It is kept as those of the project are.
    """
    world = Path(__file__).parent / "fixtures" / "world.trig"

    def make(folder: Path) -> None:
        data, queries = folder / "world" / "data", folder / "world" / "queries"
        data.mkdir(parents=True)
        shutil.copy(world, data)
        # the world speaks of no real instrument, of which these checks ask
        checks = queries / "checks"
        shutil.copytree(shipped.queries / "checks", checks, ignore=shutil.ignore_patterns("ontology"))
        (checks / "data" / "thing-without-a-class.rq").unlink()
        shutil.copytree(project_release / KEPT, folder / KEPT)
        build(Inputs(shipped.ontology, data, queries), folder)

    read = [shipped.ontology, shipped.queries / "checks", world, Path(__file__)]
    return kept_release(pytestconfig, tmp_path_factory, "world-releases", read, make)


@pytest.fixture(scope="session")
def person(project_release: Path) -> Assess:
    """Provide what assesses a person over the project's own release, read once; each person once."""
    return assessing(project_release)


@pytest.fixture(scope="session")
def project_service(project_release: Path) -> Iterator[Service]:
    """Serve the project's own release to all modules that leave the settings as they are and only ask.

    Together they may ask more than one client may, and a supposition may wait long for a processor.
    """
    settings = {"CLIENT_BURST": "1000000", "CLIENT_ERRORS": "1000000", "SUPPOSITION_DEADLINE": "140"}
    environment = {f"SURPLACE_{name}": value for name, value in settings.items()}
    with serving("--release", str(project_release), environment=environment) as running:
        yield running


def kept_release(
    config: pytest.Config,
    factory: pytest.TempPathFactory,
    name: str,
    read: Iterable[Path],
    make: Callable[[Path], object],
) -> Path:
    """Return a folder of releases in the cache of pytest; unless it is there, *make* fills it from *read*.

    Where pytest keeps nothing (`-p no:cacheprovider`), it is made for this run alone.
    """
    cache = getattr(config, "cache", None)
    kept = cache.mkdir(name) if cache else factory.mktemp(name)
    folder = kept / _digest([*read, Path(surplace.__file__).parent])
    with FileLock(kept / "lock"):
        if not (folder / CURRENT).exists():
            shutil.rmtree(folder, ignore_errors=True)
            make(folder)
        folder.touch()
        for old in sorted(kept.glob("*/"), key=lambda item: item.stat().st_mtime)[:-RELEASES_KEPT]:
            shutil.rmtree(old)
    return folder


def _digest(folders: Iterable[Path]) -> str:
    """Return a hash of files, of all in folders but the bundle, and of the versions of what is installed."""
    found = hashlib.sha256(str(sorted((item.name, item.version) for item in distributions())).encode())
    files = (path for folder in folders for path in (folder, *folder.rglob("*")) if path.suffix != ".pyc")
    for path in sorted(files):
        if path.is_file() and path.parent != FOLDER:
            found.update(str(path).encode() + hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()[:16]


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Provide the folder of a release of the small world of `service.py`, one for each file of tests."""
    return make_release(tmp_path_factory.mktemp("release"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Provide Chromium, closed when the tests of a file are over."""
    with chromium() as running:
        yield running


@pytest.fixture(scope="session")
def store() -> Store:
    """Provide what the records of depositaries and the texts of treaties state, and nothing that follows."""
    store = Store()
    for path in [
        resources.data_dir() / "sources.trig",
        *(resources.data_dir() / "reference").rglob("*.trig"),
    ]:
        store.load(path=str(path))
    return store


@pytest.fixture(scope="session")
def real_store(project_release: Path) -> Store:
    """Provide the store of the project's own release, which nobody can change."""
    return Store.read_only(str(find_release(project_release).store))


@pytest.fixture(scope="session")
def real_engines(real_store: Store) -> Engines:
    """Provide it for queries that are written as text."""
    return Engines(real_store)


@pytest.fixture
def shipped_copy(shipped: Inputs, project_release: Path, tmp_path: Path) -> World:
    """Provide a copy of the project's data to break; ontology and queries are the project's.

    What an earlier build learned of these need not be learned again, which takes seconds.
    """
    data, out = tmp_path / "data", tmp_path / "out"
    shutil.copytree(shipped.data, data)
    shutil.copytree(project_release / KEPT, out / KEPT)
    return World(Inputs(shipped.ontology, data, shipped.queries), out)


def run(*arguments: str | Path) -> tuple[int, str]:
    """Run a command; return its exit status, and all that it said."""
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    return result.exit_code, result.output


def sentences(error: BaseException) -> list[str]:
    """Return the sentences of an error, one for each fault."""
    return re.split(r"\nsurplace: ", str(error))
