"""The OWL API, with which Protégé and ROBOT read, finds every file of the ontology in OWL 2 DL and RL."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, serialize
from rdflib import OWL, RDF, Graph

from surplace import resources
from surplace.build.ontology import as_one_ontology, read_ontology
from surplace.build.report import Origins

REQUIRED = "SURPLACE_REQUIRE_OWLAPI"
"""Set where the test must not be skipped for want of the OWL API."""
MISSING = "the OWL API is not here: apt-get install libowlapi-java default-jdk-headless"
PROGRAM = Path(__file__).with_name("Profile.java")
JARS = Path("/usr/share/java")
NEEDED = (
    *("owlapi-distribution", "guava", "caffeine", "hppcrt", "commons-io", "commons-lang3", "commons-rdf-api"),
    *("jsr305", "slf4j-api", "slf4j-nop", "atinject-jsr330-api", "xz", "rdf4j-model", "rdf4j-model-api"),
    *("rdf4j-model-vocabulary", "rdf4j-rio-api", "rdf4j-rio-datatypes", "rdf4j-rio-languages"),
    *("rdf4j-rio-ntriples", "rdf4j-rio-turtle", "rdf4j-util"),
)


BAD = """
PREFIX : <http://example.org/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
: a owl:Ontology .
:A a owl:Class ; rdfs:subClassOf :B, owl:Thing .
"""


def ontologies() -> dict[str, Path]:
    """List the files of the ontology by the IRI of the one ontology that each holds."""
    folder = resources.ontology_dir()
    files = [*folder.glob("*.ttl"), *folder.glob("modules/*.ttl"), *folder.glob("vocabularies/*.ttl")]
    files = [path for path in files if path.name != "retired.ttl"]
    found = {path: list(Graph().parse(path).subjects(RDF.type, OWL.Ontology)) for path in sorted(files)}
    assert {len(iris) for iris in found.values()} == {1}
    return {str(iris[0]): path for path, iris in found.items()}


@pytest.fixture(scope="module")
def violations(tmp_path_factory: pytest.TempPathFactory) -> list[list[str]]:
    """Provide what the OWL API finds in each file, read with what it imports: file, profile, violation.

    The ontology in one file is read as well, and a file that leaves the profiles. Without the OWL API, skip.
    """
    if not (JARS / "owlapi-distribution.jar").exists() or not shutil.which("javac"):
        if os.environ.get(REQUIRED) == "1":
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    bad = tmp_path_factory.mktemp("owl") / "bad.ttl"
    bad.write_text(BAD, encoding="utf-8")
    whole = bad.with_name("whole.nt")
    terms = (quad.triple for quad in read_ontology(resources.ontology_dir(), Origins()).terms)
    whole.write_bytes(serialize(as_one_ontology(terms), format=RdfFormat.N_TRIPLES))
    files = {**ontologies(), "http://example.org/": bad, "http://example.org/whole": whole}
    path = ":".join(str(JARS / f"{name}.jar") for name in NEEDED)
    pairs = [argument for iri, file in files.items() for argument in (iri, str(file))]
    done = subprocess.run(
        ["java", "-XX:TieredStopAtLevel=1", "-cp", path, PROGRAM, *pairs],
        capture_output=True,
        check=True,
        timeout=120,
        text=True,
    )
    *lines, last = done.stdout.splitlines()
    assert last == f"{len(files)} read"
    return [line.split("\t") for line in lines]


def test_every_file_is_in_owl_2_dl_and_rl_with_what_it_imports(violations: list[list[str]]) -> None:
    assert [line for line in violations if line[0] != "bad.ttl"] == []


def test_what_leaves_a_profile_is_named(violations: list[list[str]]) -> None:
    named = [(file, profile, text.split(":")[0]) for file, profile, text in violations if file == "bad.ttl"]
    assert named == [
        ("bad.ttl", "OWL2_DL", "Use of undeclared class"),
        (
            "bad.ttl",
            "OWL2_RL",
            "Use of non-superclass expression in position that requires a superclass expression",
        ),
        ("bad.ttl", "OWL2_RL", "Use of undeclared class"),
    ]
