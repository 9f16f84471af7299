"""The ontology: it stays in OWL 2 RL, its terms are complete, and every conclusion it promises follows."""

from __future__ import annotations

import re
from collections import defaultdict
from graphlib import TopologicalSorter
from pathlib import Path

import owlrl
import pytest
from pyoxigraph import RdfFormat, serialize
from rdflib import OWL, RDF, RDFS, SH, SKOS, XSD, BNode, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS
from rdflib.term import Node

from owl_profile import profile_violations
from surplace import resources
from surplace.build.ontology import as_one_ontology, read_ontology
from surplace.build.report import Origins
from surplace.namespaces import BASE, SCHEMA, SHAPE, SUR, VOCAB, sparql_prologue
from two_engines import project_axioms

EXAMPLE = "PREFIX : <http://example.org/>\n"
ERROR = URIRef("http://www.daml.org/2002/03/agents/agent-ont#error")
MODULES = (
    "agents",
    "instruments",
    "consent",
    "reservations",
    "norms",
    "conduct",
    "speech",
    "protection",
    "provenance",
    "standings",
    "findings",
)

# What the README promises, axiom by axiom: what is given, and what follows that was not given.
CASES = {
    "skos:prefLabel SubPropertyOf rdfs:label": (
        ':labelled skos:prefLabel "label"@en .',
        ':labelled rdfs:label "label"@en .',
    ),
    "TreatyBody SubClassOf UnBody": ("body:cat a sur:TreatyBody .", "body:cat a sur:UnBody ."),
    "UnBody SubClassOf Organization": ("body:icj a sur:UnBody .", "body:icj a sur:Organization, sur:Agent ."),
    "State SubClassOf Participant": (":china a sur:State .", ":china a sur:Participant, sur:Agent ."),
    "RegionalOrganization SubClassOf Participant": (
        ":sea-union a sur:RegionalOrganization .",
        ":sea-union a sur:Participant .",
    ),
    "RegionalOrganization SubClassOf Organization": (
        ":river-union a sur:RegionalOrganization .",
        ":river-union a sur:Organization .",
    ),
    "monitors Domain TreatyBody": ("body:crc sur:monitors :crc .", "body:crc a sur:TreatyBody, sur:UnBody ."),
    "isOrganOf SubPropertyOf actsFor": (
        ":ministry sur:isOrganOf :china .",
        ":ministry sur:actsFor :china ; a sur:StateOrgan, sur:Agent .",
    ),
    "Transitive isLocatedIn": (
        ":yanbian-university sur:isLocatedIn :jilin . :jilin sur:isLocatedIn :china .",
        ":yanbian-university sur:isLocatedIn :china .",
    ),
    "takesPlaceIn o isLocatedIn SubPropertyOf takesPlaceIn": (
        ":lecture sur:takesPlaceIn :yanji . :yanji sur:isLocatedIn :yanbian .",
        ":lecture sur:takesPlaceIn :yanbian .",
    ),
    "Transitive isSubsidiaryOf": (
        ":excom sur:isSubsidiaryOf :ecosoc . :ecosoc sur:isSubsidiaryOf :un .",
        ":excom sur:isSubsidiaryOf :un .",
    ),
    "Protocol SubClassOf Treaty": (":protocol a sur:Protocol .", ":protocol a sur:Treaty, sur:Document ."),
    "Transitive isPartOf": (
        ":article-33-1 sur:isPartOf :article-33 . :article-33 sur:isPartOf :convention .",
        ":article-33-1 sur:isPartOf :convention .",
    ),
    "comprises InverseOf isPartOf": (
        ":article-16-3 sur:isPartOf :article-16 .",
        ":article-16 sur:comprises :article-16-3 .",
    ),
    "Ratification SubClassOf ConsentToBeBound": (
        ":cat-china a sur:Ratification .",
        ":cat-china a sur:ConsentToBeBound, sur:TreatyAct, sur:Act .",
    ),
    "Acceptance SubClassOf ConsentToBeBound": (
        ":tide-calenda a sur:Acceptance .",
        ":tide-calenda a sur:ConsentToBeBound, sur:TreatyAct, sur:Act .",
    ),
    "Approval SubClassOf ConsentToBeBound": (
        ":tide-eskara a sur:Approval .",
        ":tide-eskara a sur:ConsentToBeBound, sur:TreatyAct, sur:Act .",
    ),
    "DefinitiveSignature SubClassOf ConsentToBeBound": (
        ":tide-ferrana a sur:DefinitiveSignature .",
        ":tide-ferrana a sur:ConsentToBeBound, sur:TreatyAct, sur:Act .",
    ),
    "Accession SubClassOf ConsentToBeBound": (
        ":cedaw-cambodia a sur:Accession .",
        ":cedaw-cambodia a sur:ConsentToBeBound .",
    ),
    "Succession SubClassOf ConsentToBeBound": (
        ":convention-algeria a sur:Succession .",
        ":convention-algeria a sur:ConsentToBeBound .",
    ),
    "isGivenBy SubPropertyOf isDoneBy": (
        ":crc-china sur:isGivenBy :china .",
        ":crc-china sur:isDoneBy :china . :china a sur:State .",
    ),
    "isSignedBy SubPropertyOf isDoneBy": (
        ":iccpr-signature sur:isSignedBy :china .",
        ":iccpr-signature sur:isDoneBy :china ; a sur:Signature .",
    ),
    "gives o isGivenTo SubPropertyOf hasConsentedTo": (
        ":crc-mongolia sur:isGivenBy :mongolia ; sur:isGivenTo :crc-treaty .",
        ":mongolia sur:hasConsentedTo :crc-treaty .",
    ),
    "isGivenTo o comprises SubPropertyOf coversProvision": (
        ":usa sur:isGivenTo :p1967 . :p1967-I-1 sur:isPartOf :p1967-I . :p1967-I sur:isPartOf :p1967 .",
        ":usa sur:coversProvision :p1967-I, :p1967-I-1 .",
    ),
    "coversProvision o incorporates SubPropertyOf coversProvision": (
        ":p1967-I-1 sur:incorporates :c1951-2, :c1951-33, :c1951-34 .",
        ":usa sur:coversProvision :c1951-2, :c1951-33, :c1951-34 .",
    ),
    "coversProvision o comprises SubPropertyOf coversProvision": (
        ":c1951-33-1 sur:isPartOf :c1951-33 . :c1951-33 sur:isPartOf :c1951 .",
        ":usa sur:coversProvision :c1951-33-1 .",
    ),
    "excludes SubPropertyOf affects": (
        ":china-icj sur:excludes :p-IV .",
        ":china-icj sur:affects :p-IV ; a sur:Reservation, sur:UnilateralStatement .",
    ),
    "excludes o comprises SubPropertyOf excludes": (
        ":r1 sur:excludes :cedaw-29 . :cedaw-29-1 sur:isPartOf :cedaw-29 .",
        ":r1 sur:excludes :cedaw-29-1 .",
    ),
    "excludes o incorporates SubPropertyOf excludes": (
        ":r1 sur:excludes :p-I-1 . :p-I-1 sur:incorporates :c-17 .",
        ":r1 sur:excludes :c-17 .",
    ),
    "modifies o comprises SubPropertyOf modifies": (
        ":r2 sur:modifies :c-29 . :c-29-1 sur:isPartOf :c-29 .",
        ":r2 sur:modifies :c-29-1 .",
    ),
    "conditions o comprises SubPropertyOf conditions": (
        ":r3 sur:conditions :crc-22 . :crc-22-1 sur:isPartOf :crc-22 .",
        ":r3 sur:conditions :crc-22-1 .",
    ),
    "interprets o comprises SubPropertyOf interprets": (
        ":d1 sur:interprets :iccpr-18 . :iccpr-18-3 sur:isPartOf :iccpr-18 .",
        ":d1 sur:interprets :iccpr-18-3 .",
    ),
    "affects o comprises SubPropertyOf affects": (
        ":r4 sur:affects :crc-40 . :crc-40-2 sur:isPartOf :crc-40 .",
        ":r4 sur:affects :crc-40-2 .",
    ),
    "isPartOf o isClosedToReservationsBy SubPropertyOf isClosedToReservationsBy": (
        ":closed-33 sur:isClosedToReservationsBy :closing-42-1 . :closed-33-1 sur:isPartOf :closed-33 .",
        ":closed-33-1 sur:isClosedToReservationsBy :closing-42-1 .",
    ),
    "Prohibition SubClassOf Norm": (":cat-3 a sur:Prohibition .", ":cat-3 a sur:Norm ."),
    "Omission SubClassOf Measure": (
        ":no-screening a sur:Omission .",
        ":no-screening a sur:Measure, sur:Act .",
    ),
    "Assessment SubClassOf Claim": (":verdict a sur:Assessment .", ":verdict a sur:Claim, sur:Statement ."),
    "isClaimedBy SubPropertyOf isSpokenBy": (
        ":migrants sur:isClaimedBy :diplomat .",
        ":migrants sur:isSpokenBy :diplomat .",
    ),
    "isIssuedBy SubPropertyOf isSpokenBy": (
        ":screening sur:isIssuedBy :committee .",
        ":screening sur:isSpokenBy :committee . :committee a sur:Agent .",
    ),
    "isGivenInReplyBy SubPropertyOf isSpokenBy": (
        ":answer sur:isGivenInReplyBy :state .",
        ":answer sur:isSpokenBy :state .",
    ),
    "isClaimedTo SubPropertyOf isAddressedTo": (
        ":snakeheads sur:isClaimedTo :committee .",
        ":snakeheads sur:isAddressedTo :committee .",
    ),
    "isClaimedOn SubPropertyOf isMadeOn": (
        ':lectured sur:isClaimedOn "2008-10"^^xsd:gYearMonth .',
        ':lectured sur:isMadeOn "2008-10"^^xsd:gYearMonth .',
    ),
    "Symmetric contradicts": (":one sur:contradicts :other .", ":other sur:contradicts :one ."),
    "Transitive isSubgroupOf": (
        ":impure sur:isSubgroupOf :unprivileged . :unprivileged sur:isSubgroupOf :people .",
        ":impure sur:isSubgroupOf :people .",
    ),
    "isSubgroupOf o originatesFrom SubPropertyOf originatesFrom": (
        ":returned-women sur:isSubgroupOf :returned . :returned sur:originatesFrom :north-korea .",
        ":returned-women sur:originatesFrom :north-korea .",
    ),
    "isSubgroupOf o isPresentIn SubPropertyOf isPresentIn": (
        ":children sur:isSubgroupOf :crossers . :crossers sur:isPresentIn :host .",
        ":children sur:isPresentIn :host .",
    ),
    "isSubgroupOf o isMarkedBy SubPropertyOf isMarkedBy": (
        ":women sur:isSubgroupOf :leavers ; sur:isMarkedBy risk-factor:pregnant-by-foreign-man ."
        " :leavers sur:isMarkedBy risk-factor:left-without-permission .",
        ":women sur:isMarkedBy risk-factor:left-without-permission .",
    ),
    "isPresentIn o isLocatedIn SubPropertyOf isPresentIn": (
        ":entrants sur:isPresentIn :province . :province sur:isLocatedIn :country .",
        ":entrants sur:isPresentIn :country .",
    ),
    "RiskFactor SubClassOf PersonalCircumstance": (
        ":fear a sur:RiskFactor .",
        ":fear a sur:PersonalCircumstance .",
    ),
    "LegalCircumstance SubClassOf PersonalCircumstance": (
        ":stateless a sur:LegalCircumstance .",
        ":stateless a sur:PersonalCircumstance .",
    ),
    "Motive SubClassOf PersonalCircumstance": (
        ":visit a sur:Motive .",
        ":visit a sur:PersonalCircumstance .",
    ),
    "Symmetric isIncompatibleWith": (
        ":lawful sur:isIncompatibleWith :illegal .",
        ":illegal sur:isIncompatibleWith :lawful .",
    ),
    "Symmetric isComplementOf": (
        ":national sur:isComplementOf :stateless .",
        ":stateless sur:isComplementOf :national .",
    ),
    "isComplementOf SubPropertyOf isIncompatibleWith": (
        ":national sur:isComplementOf :stateless .",
        ":national sur:isIncompatibleWith :stateless .",
    ),
    "DescribedPerson SubClassOf Population": (
        ":client a sur:DescribedPerson .",
        ":client a sur:Population .",
    ),
    "expectsHarmOnReturn SubPropertyOf risksHarmOnReturn": (
        ":returnees sur:expectsHarmOnReturn harm:detention .",
        ":returnees sur:risksHarmOnReturn harm:detention .",
    ),
    "risksHarmOnReturn SubPropertyOf risksHarm": (
        ":deserters sur:risksHarmOnReturn harm:torture .",
        ":deserters sur:risksHarm harm:torture ; a sur:Population .",
    ),
    "rejects Range RejectedGraph": (":quarrel sur:rejects :graph .", ":graph a sur:RejectedGraph ."),
    "Participation SubClassOf Standing": (
        ":china-party a sur:Participation .",
        ":china-party a sur:Standing, sur:Conclusion .",
    ),
    "ProvisionStanding SubClassOf Standing": (
        ":usa-33-1 a sur:ProvisionStanding .",
        ":usa-33-1 a sur:Standing, sur:Conclusion .",
    ),
    "BindingStanding SubClassOf ProvisionStanding": (
        ":china-cat-3-1 a sur:BindingStanding .",
        ":china-cat-3-1 a sur:ProvisionStanding .",
    ),
    "ContinuedParticipation SubClassOf Participation": (
        ":china-cat-later a sur:ContinuedParticipation .",
        ":china-cat-later a sur:Participation, sur:Standing .",
    ),
    "OpenStanding SubClassOf ProvisionStanding": (
        ":myanmar-29 a sur:OpenStanding .",
        ":myanmar-29 a sur:ProvisionStanding .",
    ),
    "ReservedStanding SubClassOf ProvisionStanding": (
        ":thailand-22 a sur:ReservedStanding .",
        ":thailand-22 a sur:ProvisionStanding .",
    ),
    "Standing SubClassOf Conclusion": (
        ":signed-only sur:isStandingOf :china .",
        ":signed-only a sur:Standing, sur:Conclusion .",
    ),
    "DerogatedStanding SubClassOf OpenStanding": (
        ":emergency-12 a sur:DerogatedStanding .",
        ":emergency-12 a sur:OpenStanding .",
    ),
    "derogatesFrom o comprises SubPropertyOf derogatesFrom": (
        ":notice sur:derogatesFrom :article-12 . :article-12 sur:comprises :article-12-2 .",
        ":notice sur:derogatesFrom :article-12-2 .",
    ),
    "FormerState SubClassOf Participant": (
        ":czechoslovakia a sur:FormerState .",
        ":czechoslovakia a sur:Participant .",
    ),
    "EndOfRecord SubClassOf Conclusion": (":table-end a sur:EndOfRecord .", ":table-end a sur:Conclusion ."),
    "Finding SubClassOf Conclusion": (":conflict a sur:Finding .", ":conflict a sur:Conclusion ."),
    "ConflictOfConduct SubClassOf Finding": (
        ":return-33-1 a sur:ConflictOfConduct .",
        ":return-33-1 a sur:Finding .",
    ),
    "ConflictOfNorms SubClassOf Finding": (":law-33-1 a sur:ConflictOfNorms .", ":law-33-1 a sur:Finding ."),
    "UnfulfilledObligation SubClassOf Finding": (
        ":access-35-1 a sur:UnfulfilledObligation .",
        ":access-35-1 a sur:Finding .",
    ),
    "MetElement SubClassOf ElementAssessment": (
        ":outside a sur:MetElement .",
        ":outside a sur:ElementAssessment, sur:Conclusion .",
    ),
    "FailedElement SubClassOf ElementAssessment": (
        ":adult a sur:FailedElement .",
        ":adult a sur:ElementAssessment, sur:Conclusion .",
    ),
    "UnknownElement SubClassOf ElementAssessment": (
        ":fear a sur:UnknownElement .",
        ":fear a sur:ElementAssessment, sur:Conclusion .",
    ),
    "EngagedAlternative SubClassOf Conclusion": (
        ":cessation a sur:EngagedAlternative .",
        ":cessation a sur:Conclusion .",
    ),
    "EngagedClause SubClassOf Conclusion": (
        ":exclusion a sur:EngagedClause .",
        ":exclusion a sur:Conclusion .",
    ),
    "RecordedFollowUp SubClassOf FollowUp": (
        ":left-undone a sur:RecordedFollowUp .",
        ":left-undone a sur:FollowUp, sur:Conclusion .",
    ),
    "UncertainFollowUp SubClassOf FollowUp": (
        ":perhaps a sur:UncertainFollowUp .",
        ":perhaps a sur:FollowUp, sur:Conclusion .",
    ),
    "Contradiction SubClassOf Opposition": (
        ":clash a sur:Contradiction .",
        ":clash a sur:Opposition, sur:Conclusion .",
    ),
    "Opposition SubClassOf Conclusion": (
        ":doubt sur:opposesClaim :migrants .",
        ":doubt a sur:Opposition, sur:Conclusion .",
    ),
    "Tension SubClassOf Opposition": (
        ":pull a sur:Tension .",
        ":pull a sur:Opposition, sur:Conclusion .",
    ),
}

# What must not follow, from the same data.
NOT_SO = (
    ":usa sur:coversProvision :c1951",  # an incorporated article brings in its paragraphs, not its treaty
    ":usa sur:hasConsentedTo :c1951",
    ":r1 sur:excludes :cedaw",
    ":iccpr-signature a sur:ConsentToBeBound",
    ":closing-42-1 sur:isClosedToReservationsBy :closing-42-1",
    ":people sur:isSubgroupOf :impure",
    ":leavers sur:isMarkedBy risk-factor:pregnant-by-foreign-man",
    ":clash sur:contradicts :migrants",
    ":snakeheads sur:isReportedBy :committee",
)

# Data that contradict the ontology, and the thing that cannot be.
INCONSISTENT = {
    ":x1": ":x1 a sur:State, sur:Person .",
    ":x2": ":x2 a sur:Accession, sur:Ratification .",
    ":x3": ":x3 a sur:Reservation, sur:InterpretiveDeclaration .",
    ":x4": ":x4 a sur:Prohibition, sur:Permission .",
    ":x5": ":x5 sur:isSignedBy :s ; sur:isGivenTo :t .",
    ":x6": ":x6 a sur:TextPassage, sur:RecordPassage .",
    ":x7": ":x7 sur:excludes :p ; a sur:State .",
    ":x8": ":x8 a sur:Harm . :m sur:performsAction :x8 .",
}


def turtle(text: str) -> Graph:
    """Read a snippet with every prefix of the project."""
    return Graph().parse(data=sparql_prologue() + EXAMPLE + text, format="turtle")


def files() -> list[Path]:
    """List the files that make up the ontology."""
    folder = resources.ontology_dir()
    return [
        folder / "surplace.ttl",
        folder / "foreign.ttl",
        *sorted(folder.glob("modules/*.ttl")),
        *sorted(folder.glob("vocabularies/*.ttl")),
    ]


@pytest.fixture(scope="module")
def ontology() -> Graph:
    """Provide modules and vocabularies in one graph."""
    graph = Graph()
    for path in files():
        graph.parse(path, format="turtle")
    return graph


@pytest.fixture(scope="module")
def axioms(ontology: Graph) -> Graph:
    """Provide the modules without what describes their terms in words, which takes part in no inference."""
    words = {SKOS.prefLabel, SKOS.definition, SKOS.example, SKOS.scopeNote, SKOS.altLabel, DCTERMS.source}
    graph = Graph()
    for triple in ontology:
        if triple[1] not in words and not str(triple[0]).startswith(VOCAB) and triple[1] != RDFS.isDefinedBy:
            graph.add(triple)
    return graph


def closed(*parts: Graph) -> Graph:
    """Return the OWL 2 RL closure of some graphs."""
    graph = Graph()
    for part in parts:
        for triple in part:
            graph.add(triple)
    owlrl.DeductiveClosure(
        owlrl.OWLRL_Semantics, rdfs_closure=False, axiomatic_triples=False, datatype_axioms=False
    ).expand(graph)
    return graph


@pytest.fixture(scope="module")
def world(axioms: Graph) -> Graph:
    """Provide the closure of all that the cases are given."""
    return closed(axioms, *(turtle(given) for given, _ in CASES.values()))


@pytest.fixture(scope="module")
def promised() -> list[str]:
    """Provide the axioms that the README names, in its order."""
    text = (resources.ontology_dir() / "README.md").read_text(encoding="utf-8")
    section = text.split("## Which conclusion comes from which axiom")[1].split("\n## ")[0]
    cells = [line.split("|")[2] for line in section.splitlines() if line.startswith("|")]
    return re.findall(r"`([^`]+)`", "\n".join(cells))


def test_modules_and_vocabularies_stay_in_the_profile(ontology: Graph) -> None:
    assert profile_violations(ontology) == []


def test_every_module_stays_in_the_profile_together_with_the_alignments(ontology: Graph) -> None:
    aligned = Graph().parse(resources.ontology_dir() / "alignments.ttl", format="turtle")
    assert profile_violations(ontology + aligned) == []


A_CLASS = "sur:A a owl:Class . sur:B a owl:Class . "
P_AND_Q = "sur:p a owl:ObjectProperty . sur:q a owl:ObjectProperty . sur:d a owl:DatatypeProperty . "
BAD = {
    "sur:A owl:disjointUnionOf ( sur:A sur:B ) .": (
        "sur:A uses owl:disjointUnionOf, which OWL 2 RL does not have: say it as a shape."
    ),
    "sur:p a owl:ReflexiveProperty .": (
        "sur:p uses owl:ReflexiveProperty, which OWL 2 RL does not have: say it as a shape."
    ),
    "sur:A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty sur:p ; owl:minCardinality 1 ] .": (
        "sur:A uses owl:minCardinality, which OWL 2 RL does not have: say it as a shape."
    ),
    "sur:A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty sur:p ; owl:cardinality 1 ] .": (
        "sur:A uses owl:cardinality, which OWL 2 RL does not have: say it as a shape."
    ),
    "sur:A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty sur:p ; owl:hasSelf true ] .": (
        "sur:A uses owl:hasSelf, which OWL 2 RL does not have: say it as a shape."
    ),
    "sur:A rdfs:subClassOf [ a owl:Class ; owl:unionOf ( sur:A sur:B ) ] .": (
        "sur:A has owl:unionOf on the super side of an axiom, where OWL 2 RL does not allow it."
    ),
    "sur:A rdfs:subClassOf [ a owl:Class ; owl:oneOf ( sur:x ) ] .": (
        "sur:A has owl:oneOf on the super side of an axiom, where OWL 2 RL does not allow it."
    ),
    "sur:A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty sur:p ; owl:someValuesFrom sur:B ] .": (
        "sur:A has owl:someValuesFrom on the super side of an axiom, where OWL 2 RL does not allow it."
    ),
    "sur:p rdfs:domain [ a owl:Class ; owl:unionOf ( sur:A sur:B ) ] .": (
        "sur:p has owl:unionOf on the super side of an axiom, where OWL 2 RL does not allow it."
    ),
    "sur:p rdfs:range [ a owl:Class ; owl:unionOf ( sur:A sur:B ) ] .": (
        "sur:p has owl:unionOf on the super side of an axiom, where OWL 2 RL does not allow it."
    ),
    "[ a owl:Class ; owl:complementOf sur:B ] rdfs:subClassOf sur:A .": (
        "sur:A has owl:complementOf on the sub side of an axiom, where OWL 2 RL does not allow it."
    ),
    "[ a owl:Restriction ; owl:onProperty sur:p ; owl:allValuesFrom sur:B ] rdfs:subClassOf sur:A .": (
        "sur:A has owl:allValuesFrom on the sub side of an axiom, where OWL 2 RL does not allow it."
    ),
    "sur:A owl:equivalentClass [ a owl:Class ; owl:unionOf ( sur:A sur:B ) ] .": (
        "sur:A has owl:unionOf on the equivalent side of an axiom, where OWL 2 RL does not allow it."
    ),
    "sur:A rdfs:subClassOf [ a owl:Class ; owl:intersectionOf ( sur:B [ owl:unionOf ( sur:B ) ] ) ] .": (
        "sur:A has owl:unionOf on the super side of an axiom, where OWL 2 RL does not allow it."
    ),
    "sur:A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty sur:p ; owl:maxCardinality 2 ] .": (
        "sur:A has owl:maxCardinality 2, where OWL 2 RL allows only 0 and 1."
    ),
    "sur:A rdfs:subClassOf owl:Thing .": (
        "sur:A has owl:Thing on the super side of an axiom, where OWL 2 RL does not allow it."
    ),
    "sur:d rdfs:range owl:rational .": (
        "sur:d has the range owl:rational, a datatype that OWL 2 RL does not have: "
        "use rdfs:Literal and say it as a shape."
    ),
    "sur:d rdfs:range owl:real .": (
        "sur:d has the range owl:real, a datatype that OWL 2 RL does not have: "
        "use rdfs:Literal and say it as a shape."
    ),
    "sur:d rdfs:range xsd:date .": (
        "sur:d has the range xsd:date, a datatype that OWL 2 RL does not have: "
        "use rdfs:Literal and say it as a shape."
    ),
    'sur:d rdfs:range [ a rdfs:Datatype ; owl:oneOf ( "a" "b" ) ] .': (
        "sur:d has a data range that OWL 2 RL does not allow: name a datatype."
    ),
    "sur:A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty sur:d ; owl:allValuesFrom xsd:date ] .": (
        "sur:A has the range xsd:date, a datatype that OWL 2 RL does not have: "
        "use rdfs:Literal and say it as a shape."
    ),
    "sur:A rdfs:subClassOf sur:C .": (
        "sur:C is used as a class and not declared as one: declare it, or correct its name."
    ),
    "sur:p rdfs:subPropertyOf sur:r .": (
        "sur:r is used as a property and not declared as one: declare it, or correct its name."
    ),
    "sur:p owl:propertyChainAxiom ( sur:q sur:r ) .": (
        "sur:r is used as a property and not declared as one: declare it, or correct its name."
    ),
    "sur:p a owl:DatatypeProperty .": (
        "sur:p is both owl:ObjectProperty and owl:DatatypeProperty: declare it as one of them."
    ),
    "sur:p a owl:TransitiveProperty, owl:FunctionalProperty .": (
        "sur:p is composed of other properties and cannot be owl:FunctionalProperty: drop one of the two."
    ),
    "sur:p a owl:TransitiveProperty . sur:q owl:propertyDisjointWith sur:p .": (
        "sur:p is composed of other properties and cannot be disjoint or counted: say it as a shape."
    ),
    "sur:p owl:propertyChainAxiom ( sur:q sur:q ) . sur:p rdfs:subPropertyOf sur:q .": (
        "sur:p is implied by a chain that depends on it: break the circle."
    ),
}


@pytest.mark.parametrize("snippet", BAD)
def test_what_the_profile_does_not_allow_is_named(snippet: str) -> None:
    assert profile_violations(turtle(A_CLASS + P_AND_Q + snippet)) == [BAD[snippet]]


GOOD = (
    "[ a owl:Class ; owl:unionOf ( sur:A sur:B ) ] rdfs:subClassOf sur:B .",
    "[ a owl:Restriction ; owl:onProperty sur:p ; owl:someValuesFrom owl:Thing ] rdfs:subClassOf sur:B .",
    "sur:A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty sur:p ; owl:maxCardinality 1 ] .",
    "sur:A rdfs:subClassOf [ a owl:Class ; owl:complementOf sur:B ] .",
    "sur:A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty sur:p ; owl:allValuesFrom sur:B ] .",
    "sur:A owl:equivalentClass [ a owl:Restriction ; owl:onProperty sur:p ; owl:hasValue sur:x ] .",
    "sur:p owl:propertyChainAxiom ( sur:p sur:q ) . sur:q a owl:TransitiveProperty .",
    "sur:d rdfs:range xsd:string . sur:p a owl:FunctionalProperty .",
)


@pytest.mark.parametrize("snippet", GOOD)
def test_what_the_profile_allows_passes(snippet: str) -> None:
    assert profile_violations(turtle(A_CLASS + P_AND_Q + snippet)) == []


@pytest.mark.parametrize("axiom", CASES)
def test_each_conclusion_follows(axiom: str, world: Graph) -> None:
    given, follows = (turtle(text) for text in CASES[axiom])
    expected = set(follows)
    assert expected
    assert not expected & set(given)
    assert expected - set(world) == set()


@pytest.mark.parametrize("triple", NOT_SO)
def test_what_does_not_follow_is_not_concluded(triple: str, world: Graph) -> None:
    assert set(turtle(triple + " .")) & set(world) == set()


def test_the_ontology_is_consistent_with_the_cases(world: Graph) -> None:
    assert set(world.objects(None, ERROR)) == set()


@pytest.fixture(scope="module")
def errors(axioms: Graph) -> list[str]:
    """Provide what owlrl finds wrong with all the contradictory data."""
    graph = closed(axioms, *(turtle(given) for given in INCONSISTENT.values()))
    return [str(message) for message in graph.objects(None, ERROR)]


@pytest.mark.parametrize("name", INCONSISTENT)
def test_contradictory_data_are_found(name: str, errors: list[str]) -> None:
    assert [message for message in errors if re.search(rf"/{name[1:]}\b", message)]


def test_the_readme_names_real_axioms(promised: list[str]) -> None:
    _, axioms = project_axioms()
    assert set(promised) - {axiom.text for axiom in axioms.all if axiom.asserted} == set()


def test_every_conclusion_of_the_readme_is_tested(promised: list[str]) -> None:
    assert promised
    assert sorted(set(promised)) == sorted(CASES)


def test_every_term_belongs_to_the_module_that_describes_it() -> None:
    for name in MODULES:
        module = URIRef(SUR + name)
        graph = Graph().parse(resources.ontology_dir() / f"modules/{name}.ttl", format="turtle")
        assert (module, RDF.type, OWL.Ontology) in graph
        described = set(graph.subjects(SKOS.definition))
        assert described
        assert described == set(graph.subjects(RDFS.isDefinedBy, module))
        assert set(graph.objects(None, RDFS.isDefinedBy)) == {module}


def test_each_file_is_one_versioned_ontology_that_imports_what_it_uses() -> None:
    folder = resources.ontology_dir()
    graphs = {path.relative_to(folder): Graph().parse(path) for path in [*files(), folder / "alignments.ttl"]}
    headers = {file: list(graph.subjects(RDF.type, OWL.Ontology)) for file, graph in graphs.items()}
    assert {file for file, iris in headers.items() if len(iris) != 1} == set()
    declared: dict[Node, Node] = {}
    for file, graph in graphs.items():
        for kind in (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty):
            for term in graph.subjects(RDF.type, kind):
                assert term not in declared, f"{term} is declared twice"
                declared[term] = headers[file][0]
    for file, graph in graphs.items():
        (iri,) = headers[file]
        assert graph.value(iri, OWL.versionIRI) == URIRef(f"{iri}/{graph.value(iri, OWL.versionInfo)}")
        used = {declared[term] for triple in graph for term in triple if term in declared} - {iri}
        if file.parent != Path():
            assert set(graph.objects(iri, OWL.imports)) == used, file
    # a tool that follows imports in a circle reads terms before it knows what they are
    order = {headers[file][0]: set(graph.objects(None, OWL.imports)) for file, graph in graphs.items()}
    assert len(list(TopologicalSorter(order).static_order())) == len(graphs)


def test_the_whole_ontology_imports_every_other_file() -> None:
    whole = Graph().parse(resources.ontology_dir() / "surplace.ttl")
    others = {iri for path in files()[1:] for iri in Graph().parse(path).subjects(RDF.type, OWL.Ontology)}
    assert set(whole.objects(URIRef(BASE + "ontology"), OWL.imports)) == others


def test_the_whole_in_one_file_is_one_ontology_that_imports_nothing() -> None:
    terms = [quad.triple for quad in read_ontology(resources.ontology_dir(), Origins()).terms]
    graph = Graph().parse(data=serialize(as_one_ontology(terms), format=RdfFormat.N_TRIPLES), format="nt")
    assert list(graph.subjects(RDF.type, OWL.Ontology)) == [URIRef(BASE + "ontology")]
    assert (None, OWL.imports, None) not in graph
    assert len(list(graph.objects(None, OWL.versionIRI))) == 1
    headers = {triple.subject for triple in terms if str(triple.object) == f"<{OWL.Ontology}>"}
    assert len(graph) > len({triple for triple in terms if triple.subject not in headers})


def test_the_rule_on_days_reads_every_property_that_may_have_a_year(ontology: Graph) -> None:
    text = (resources.ontology_dir() / "rules/days-of-a-date.rq").read_text(encoding="utf-8")
    listed = re.findall(r"sur:(\w+)", text.split("VALUES ?property {")[1].split("}")[0])
    years = set(ontology.subjects(URIRef(SCHEMA + "rangeIncludes"), XSD.gYear)) - {
        URIRef(SUR + "isWrittenAs")
    }
    # days of issue are compared with months and years
    assert {URIRef(SUR + name) for name in listed} == years | {URIRef(SUR + "isIssuedOn")}
    for prop in years:
        assert any("sur:isWrittenAs" in note for note in ontology.objects(prop, SKOS.scopeNote)), prop


def test_a_date_is_said_to_be_what_its_shapes_take(ontology: Graph) -> None:
    triples = (quad.triple for quad in read_ontology(resources.ontology_dir(), Origins()).shapes)
    shapes = Graph().parse(data=serialize(triples, format=RdfFormat.N_TRIPLES), format="nt")
    kinds = {"Day": XSD.date, "Month": XSD.gYearMonth, "Year": XSD.gYear}
    of_shape = {URIRef(SHAPE + name): kind for name, kind in kinds.items()}
    taken: dict[Node, set[Node]] = defaultdict(set)
    for shape, path in shapes.subject_objects(SH.path):
        nodes = [
            *shapes.objects(shape, SH.node),
            *shapes.objects(shape, SH["or"] / (RDF.rest * "*") / RDF.first),
        ]
        if isinstance(path, URIRef) and path != URIRef(SUR + "isWrittenAs"):
            taken[path] |= {of_shape[node] for node in nodes if node in of_shape}
    told = {path: kinds for path, kinds in taken.items() if XSD.date in kinds}
    assert len(told) > 20
    for path, found in told.items():
        note = " ".join(ontology.objects(path, SKOS.scopeNote))
        assert set(ontology.objects(path, URIRef(SCHEMA + "rangeIncludes"))) == found, path
        assert {XSD[name] for name in re.findall(r"xsd:(\w+)", note)} == found, path


def test_every_property_shape_that_is_shown_has_one_name() -> None:
    triples = (quad.triple for quad in read_ontology(resources.ontology_dir(), Origins()).shapes)
    shapes = Graph().parse(data=serialize(triples, format=RdfFormat.N_TRIPLES), format="nt")
    told = set(shapes.subjects(SH.path)) & set(shapes.subjects(SH.message))
    assert len(told) > 200
    names = {shape: list(shapes.objects(shape, SH.name)) for shape in told}
    assert {len(found) for found in names.values()} == {1}
    assert names[URIRef(SHAPE + "CitationPassage")] == [Literal("is citation in", lang="en")]
    assert names[URIRef(SHAPE + "ConsentKind")] == [Literal("consent kind", lang="en")]


def test_nothing_but_lists_and_disjointness_is_unnamed(ontology: Graph) -> None:
    lists = {*ontology.subjects(RDF.first), *ontology.subjects(RDF.type, OWL.AllDisjointClasses)}
    assert {node for node in ontology.all_nodes() if isinstance(node, BNode)} == lists


def test_every_term_has_its_four_annotations(ontology: Graph) -> None:
    terms = {
        node
        for kind in (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, SKOS.Concept)
        for node in ontology.subjects(RDF.type, kind)
        if str(node).startswith(BASE)
    }
    assert len(terms) > 400
    for term in terms:
        label, definition = (
            ontology.value(term, SKOS.prefLabel, any=False),
            ontology.value(term, SKOS.definition, any=False),
        )
        assert isinstance(label, Literal)
        assert isinstance(definition, Literal)
        assert (label.language, definition.language) == ("en", "en")
        assert definition[0].islower() or definition.startswith("UN "), definition
        assert not definition.endswith("."), definition
        assert not re.match(r"(a|an|the)\b", definition), definition
        assert not re.search(rf"\b{re.escape(label.lower())}\b", definition.lower()), f"{term} defines itself"
        assert list(ontology.objects(term, SKOS.example)), term
        assert list(ontology.objects(term, DCTERMS.source)), term


def test_no_two_terms_have_the_same_label(ontology: Graph) -> None:
    terms = [node for node, _ in ontology.subject_objects(SKOS.prefLabel) if str(node).startswith(SUR)]
    labels = [str(ontology.value(term, SKOS.prefLabel)) for term in terms]
    assert {label for label in labels if labels.count(label) > 1} == set()


def test_every_concept_is_of_the_class_of_its_scheme(ontology: Graph) -> None:
    schemes = set(ontology.subjects(RDF.type, SKOS.ConceptScheme))
    assert {str(scheme).removeprefix(VOCAB) for scheme in schemes} == {
        path.stem for path in (resources.ontology_dir() / "vocabularies").glob("*.ttl")
    }
    for scheme in schemes:
        concepts = set(ontology.subjects(SKOS.inScheme, scheme))
        kinds = {kind for concept in concepts for kind in ontology.objects(concept, RDF.type)} - {
            SKOS.Concept
        }
        assert len(kinds) == 1
        assert all(str(concept).startswith(f"{scheme}/") for concept in concepts)
        for concept in concepts:
            broader = set(ontology.objects(concept, SKOS.broader))
            assert broader <= concepts
            assert bool(broader) != ((concept, SKOS.topConceptOf, scheme) in ontology)
