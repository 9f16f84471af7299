"""What provisions are about, in the words of the norms and exceptions that they lay down."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from surplace.engine.knowledge import Knowledge
from surplace.namespaces import SKOS, SUR
from surplace.rdf.terms import text_of

_LAWS: Final = f"""
SELECT DISTINCT ?provision ?provisionLabel ?law {{
    {{ ?provision <{SUR}imposes> ?of }} UNION {{ ?of <{SUR}isLaidDownIn> ?provision ; a <{SUR}Exception> }}
    ?of <{SKOS}prefLabel> ?law . ?provision <{SKOS}prefLabel> ?provisionLabel
}} ORDER BY ?provision ?law"""


def laws_of(knowledge: Knowledge) -> Mapping[str, str]:
    """Return what each provision is about, by its IRI; one that lays nothing down is left out.

    Raises EngineError.
    """
    found: dict[str, list[str]] = {}
    for row in knowledge.remembered(_LAWS).rows:
        law = without_place(text_of(row["law"]), text_of(row["provisionLabel"]))
        found.setdefault(text_of(row["provision"]), []).append(law)
    return {provision: "; ".join(dict.fromkeys(laws)) for provision, laws in found.items()}


def without_place(law: str, provision: str) -> str:
    """Leave the provision out of the name of a norm, and keep who reads it so.

    `No servitude (ICCPR, Article 8(2))` is `No servitude`.
    """
    head, _, rest = law.partition(f" ({provision}")
    reading = rest.removeprefix(", ").removesuffix(")")
    return f"{head} ({reading})" if reading else head


def as_it(reason: str, provision: str) -> str:
    """Say *it* for a provision in a reason that stands beside its name; a part of it is named in full.

    `A reservation of China excludes CEDAW, Article 29(1).` is `A reservation of China excludes it.`
    """
    named = re.compile(rf"(^|[.?!] )?{re.escape(provision)}(?![\w('’]|, )")
    text = named.sub(lambda found: f"{found[1]}It" if found[1] is not None else "it", reason)
    return text.replace("makes conditional it", "makes it conditional")
