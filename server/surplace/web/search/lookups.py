"""What search by name asks a release for: each query is asked once, when the index is made."""

from __future__ import annotations

from typing import Final

from surplace.namespaces import BASE, sparql_prologue
from surplace.suppose.description import CLASSES as OF_PERSONS

KINDS: Final = (
    *("State", "Treaty", "LegalInstrument", "Provision", "Finding", "Claim", "Recommendation", "Reservation"),
    *("Disagreement", "UnBody", "Person", "Group", "Organization", "Population", "Measure"),
    *("Norm", "Exception", "OpenQuestion", "ProtectionGround", "Source", "Document", "Passage"),
    *("ConsentToBeBound", "Agent"),
    *("Rule", "Contradiction", "Tension", "Conclusion"),
)
"""Classes that say what a thing is, the ones that people look for first; the first that fits is shown."""

NAMES: Final = f"""{sparql_prologue()}SELECT ?item ?name ?is WHERE {{
    VALUES (?property ?is) {{
        (skos:prefLabel "label") (skos:altLabel "other") (skos:hiddenLabel "hidden")
        (dcterms:title "title")
        (sur:hasIsoCode "code") (sur:hasSymbol "code")
    }}
    {{ ?item ?property ?name }}
    UNION {{ VALUES ?property {{ dcterms:title sur:hasSymbol }}
             ?item sur:isCopyOf ?copied . ?copied ?property ?name }}
    FILTER(STRSTARTS(STR(?item), "{BASE}"))
    FILTER NOT EXISTS {{ ?item a sur:Standing }}
}}"""
CLASSES: Final = f"""{sparql_prologue()}SELECT ?item ?class WHERE {{
    VALUES ?class {{ {" ".join(f"sur:{name}" for name in KINDS)} }} ?item a ?class
    FILTER NOT EXISTS {{ ?item a sur:Standing }}
}}"""
NOTES: Final = f"""{sparql_prologue()}SELECT ?item ?note ?by WHERE {{
    {{ ?item sur:isClaimedBy ?who BIND("speaker" AS ?note) ?who skos:prefLabel ?by }}
    UNION {{ VALUES (?kind ?note) {{ (sur:Contradiction "contradicted by") (sur:Tension "in tension with") }}
             ?found a ?kind ; sur:opposesClaim ?item ; sur:opposes ?other ; sur:givesReason ?reason .
             ?other skos:prefLabel ?name OPTIONAL {{ ?other sur:isClaimedBy/skos:prefLabel ?whose }}
             BIND(IF(EXISTS {{ ?other sur:isPassageOf ?source }}, CONCAT(?name, ": ", STR(?reason)),
                 IF(BOUND(?whose), CONCAT(?whose, ": ", ?name), ?name)) AS ?by) }}
    UNION {{ ?item sur:isCopyOf/dcterms:title ?by BIND("title" AS ?note) }}
    UNION {{ ?item sur:isQuestionedBy ?who BIND("doubter" AS ?note) ?who skos:prefLabel ?by }}
    UNION {{ ?item skos:definition ?by BIND("meaning" AS ?note) }}
    UNION {{ ?item a owl:Ontology ; dcterms:description ?by BIND("meaning" AS ?note) }}
    UNION {{ ?item skos:inScheme/skos:prefLabel ?by BIND("scheme" AS ?note) }}
    UNION {{ ?item a sur:Finding ; sur:hasVerdict/skos:prefLabel ?by BIND("verdict" AS ?note) }}
    UNION {{ ?item a sur:Provision . ?part sur:isPartOf? ?item ; sur:imposes/skos:prefLabel ?by
             BIND("norm" AS ?note) }}
    UNION {{ ?item a sur:ProvisionPassage ; sur:hasLocator ?by BIND("record" AS ?note) }}
}}"""


_ACT_WORDS: Final = """
    (sur:ConsentToBeBound "ratify, ratification, accede, accession, join")
    (sur:Reservation "reserve, reserved")
"""
"""What people say for an act of a state besides its name; a passage that speaks of one is sought so, too."""
_KIND_WORDS: Final = f"""{_ACT_WORDS}
    (sur:Recommendation "ask, asked, request, recommend, demand") (sur:Document "report, paper")
    (sur:Provision "clause")
"""
"""What people say for a kind of thing besides its name."""
ACTS: Final = f"""{sparql_prologue()}SELECT DISTINCT ?item ?word WHERE {{
    VALUES (?class ?word) {{ {_ACT_WORDS} }}
    {{ ?item a ?class }} UNION {{ GRAPH ?stated {{ ?item a ?class }} }}
}}"""
"""Asks for these acts, and for those that only a passage which is rejected speaks of."""
BESIDE: Final = f"""{sparql_prologue()}SELECT DISTINCT ?item ?word WHERE {{
    {{ ?item sur:isAdoptedBy|sur:isIssuedBy|sur:isAuthoredBy|sur:isAddressedTo ?who .
       ?who skos:prefLabel|skos:altLabel ?word }}
    UNION {{ ?request sur:isStatedIn/sur:isPartOf? ?item ; sur:isIssuedBy/skos:prefLabel ?word .
             ?item a sur:Document }}
    UNION {{ ?item sur:isAdoptedOn|sur:isIssuedOn|sur:isPublishedOn|sur:isMadeOn|sur:isClaimedOn ?day
             BIND(SUBSTR(STR(?day), 1, 4) AS ?word) }}
    UNION {{ ?item a sur:Recommendation ; sur:isStatedIn/sur:isPartOf?/(sur:isAdoptedOn|sur:isIssuedOn) ?day
             BIND(SUBSTR(STR(?day), 1, 4) AS ?word) }}
    UNION {{ ?item a sur:Disagreement ; sur:isBetween/sur:isPassageOf/skos:prefLabel ?word }}
    UNION {{ ?item sur:isDepositedOn ?day BIND(SUBSTR(STR(?day), 1, 4) AS ?word) }}
    UNION {{ VALUES (?class ?word) {{ {_KIND_WORDS} }} ?item a ?class }}
    UNION {{ VALUES (?asks ?class) {{ (sur:State sur:State) (sur:Treaty sur:Treaty) (sur:Agent sur:UnBody) }}
             ?item sh:parameter/sh:class ?asks . ?asked a ?class ; skos:prefLabel|skos:altLabel ?word }}
}}"""
"""Asks for words that people add to the name of a thing: a year, an author, an addressee; to a disagreement,
the sources that differ; to a question, what it may be asked about.

Whoever looks for a ratification looks for the consent of a state, by whichever act.
"""
TERMS: Final = f"{sparql_prologue()}SELECT ?item ?text {{ ?item sur:appliesIf ?text }}"
CIRCUMSTANCES: Final = f"""{sparql_prologue()}SELECT ?item {{
    VALUES ?class {{ {" ".join(f"sur:{name}" for name in OF_PERSONS)} }} ?item a ?class
}}"""
PARTS: Final = f"""{sparql_prologue()}SELECT DISTINCT ?whole ?label WHERE {{
    ?part a sur:Provision ; skos:prefLabel ?label ; sur:isPartOf+ ?whole .
    FILTER NOT EXISTS {{ ?whole a sur:Provision }}
}}"""
"""Asks for the provisions of each instrument, whose labels begin with what that is called in them."""
STATED: Final = f"""{sparql_prologue()}SELECT DISTINCT ?item ?thing WHERE {{
    {{ {{ ?item sur:isPassageOf ?source }} UNION {{ ?item a sur:Claim }}
      {{ GRAPH ?item {{ ?thing ?said ?o FILTER(?said NOT IN (sur:isClaimedOn, sur:isMadeNoLaterThan)) }} }}
      UNION {{ GRAPH ?item {{ ?s ?p ?thing FILTER(isIRI(?thing) && ?p != rdf:type) }} }} }}
    UNION {{ ?item sur:excludes|sur:modifies|sur:conditions|sur:interprets|sur:affects ?provision .
             ?provision sur:imposes ?thing }}
}}"""
"""Asks what speaks of what: a passage or claim of things, a reservation of the norms that it touches.

A passage that only says when a claim was made does not speak of what is claimed.
"""
REJECTED: Final = f"""{sparql_prologue()}SELECT DISTINCT ?item ?thing ?name WHERE {{
    ?item sur:isPassageOf ?source
    GRAPH ?item {{ ?thing skos:prefLabel ?name }}
    FILTER NOT EXISTS {{ ?thing skos:prefLabel ?held }}
}}"""
"""Asks what passages speak of that is rejected, its name with it."""
