"""The words of passages, from texts that the reader has at hand."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from pyoxigraph import NamedNode

from surplace.engine.knowledge import Knowledge
from surplace.engine.table import Row
from surplace.explain.explanation import Explanation, walk
from surplace.namespaces import PREFIXES, PROVENANCE, SUR
from surplace.rdf.terms import text_of
from surplace.sourcetext import Passage
from surplace.texts import Copy, Quote, Texts

_RUNNING = (
    f"?passage <{SUR}isPassageOf> ?source ; <{SUR}hasOrder> ?order ; <{SUR}beginsWith> ?begins ; "
    f"<{SUR}endsWith> ?ends ; <{SUR}hasDigest> ?digest"
)
_PROVISIONS = (
    f"?passage a <{SUR}ProvisionPassage> ; <{SUR}isPassageOf>/<{SUR}isCopyOf> ?treaty ; "
    f"<{SUR}hasLocator> ?locator OPTIONAL {{ ?passage <{SUR}hasDigest> ?digest }}"
)


def quoted(explanation: Explanation, texts: Texts, knowledge: Knowledge) -> Explanation:
    """Return the explanation with words: unchanged sentences, and articles as the copy has them."""
    cited = {origin.graph for node in walk(explanation.trees) for origin in node.origins}
    if not texts or not cited:
        return explanation
    quotes = {
        iri: Quote(words)
        for passages in _sources(knowledge).values()
        for iri, words in texts.of(passages).words.items()
        if iri in cited
    }
    return replace(explanation, quotes=quotes | _articles(cited, texts, knowledge))


def strangers(texts: Texts, knowledge: Knowledge) -> list[str]:
    """Say of each copy of which nothing can be shown why, in a sentence."""
    if not texts:
        return []
    rows = _rows(knowledge, f"SELECT DISTINCT ?treaty WHERE {{ GRAPH <{PROVENANCE}> {{ {_PROVISIONS} }} }}")
    treaties = sorted(text_of(row["treaty"]).removeprefix(PREFIXES["instrument"]) for row in rows)
    sources = _sources(knowledge).values()
    return list(_told(texts.copies, treaties, [tuple(passages) for passages in sources]))


def _told(
    copies: Iterable[Copy], treaties: Sequence[str], sources: Collection[tuple[Passage, ...]]
) -> Iterator[str]:
    for copy in copies:
        alone = Texts([copy])
        if copy.key in treaties:
            if not alone.of_treaty(copy.key):
                yield f"{copy.name} has no article: put each under a heading of its own, such as “Article 1”."
        elif not any(alone.of(passages).words for passages in sources):
            names = f", or name the copy of a treaty after it ({treaties[0]}.txt)" if treaties else ""
            yield f"{copy.name} holds no passage of any source as it was read: give the text of one{names}."


def _articles(cited: Collection[str], texts: Texts, knowledge: Knowledge) -> dict[str, Quote]:
    """Return the words of the provision passages among those that are cited."""
    named = " ".join(str(NamedNode(iri)) for iri in sorted(cited))
    query = (
        f"SELECT ?passage ?treaty ?locator ?digest WHERE {{ GRAPH <{PROVENANCE}> {{ "
        f"VALUES ?passage {{ {named} }} {_PROVISIONS} }} }}"
    )
    found = {
        text_of(row["passage"]): texts.provision(
            text_of(row["treaty"]), text_of(row["locator"]), text_of(row["digest"]) if "digest" in row else ""
        )
        for row in _rows(knowledge, query)
    }
    return {iri: quote for iri, quote in found.items() if quote is not None}


def _sources(knowledge: Knowledge) -> dict[str, list[Passage]]:
    """Return the passages of running texts by source, in their order."""
    sources: dict[str, list[Passage]] = {}
    query = (
        f"SELECT ?source ?passage ?begins ?ends ?digest WHERE {{ GRAPH <{PROVENANCE}> {{ {_RUNNING} }} }} "
        "ORDER BY ?source ?order"
    )
    for row in _rows(knowledge, query):
        values = (text_of(row[name]) for name in ("passage", "begins", "ends", "digest"))
        sources.setdefault(text_of(row["source"]), []).append(Passage(*values))
    return sources


def _rows(knowledge: Knowledge, query: str) -> list[Row]:
    return list(knowledge.select(query).rows)
