"""JSON schemas: of problems, of SPARQL results, and of the JSON of routes that have their own."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields
from typing import Any, Final, get_args, get_type_hints

from surplace.http.message import at
from surplace.http.negotiation import HTML, JSON, Offer
from surplace.http.problems import KINDS
from surplace.http.route import Api, Json
from surplace.rdf.formats import ANSWER, FORMATS, Kind
from surplace.suppose.clauses import Clause
from surplace.suppose.comparison import ChangedConclusion
from surplace.suppose.grounds import Element, Ground
from surplace.suppose.missing import MissingFact
from surplace.suppose.person import Assessment
from surplace.suppose.protection import ProtectiveNorm
from surplace.suppose.standing import Standing, TreatyCaveat
from surplace.suppose.used import Fact
from surplace.suppose.ways import Half, Harm

TEXT: Final[Json] = {"type": "string"}
COUNTED: Final[Json] = {"type": "integer", "minimum": 1}
_NUMBER: Final[Json] = {"type": "integer", "minimum": 0}
_YES_OR_NO: Final[Json] = {"type": "boolean"}


def ref(name: str) -> Json:
    """Refer to a schema of the document."""
    return {"$ref": f"#/components/schemas/{name}"}


def record(properties: Mapping[str, Json], required: Iterable[str] | None = None) -> Json:
    """Return the schema of an object; all of its properties are required unless *required* names some."""
    names = sorted(properties if required is None else required)
    return {"type": "object", "properties": dict(properties), "required": names}


def listed(items: Json, **more: Any) -> Json:
    """Return the schema of a list."""
    return {"type": "array", "items": items, **more}


MEMBERS: Final[Mapping[str, Json]] = {
    "allowed": listed(TEXT, description="What would do instead."),
    "column": {**COUNTED, "description": "Where reading the query stopped."},
    "line": {**COUNTED, "description": "Where reading the query stopped."},
    "near": {**TEXT, "description": "The text at that place."},
    "offered": listed(TEXT, description="The media types in which the answer comes."),
    "parameter": {**TEXT, "description": "The parameter that is wrong."},
    "paste": {**TEXT, "description": "A line that mends the query, at its top."},
    "append": {**TEXT, "description": "A line that mends the query, at its end."},
    "instead": {**TEXT, "description": "What to write in the place of the word at fault."},
    "retry_after": {**COUNTED, "description": "Seconds to wait, as in the header Retry-After."},
    "nearest": listed(TEXT, description="The addresses nearest to one where nothing is."),
    "successor": listed(TEXT, description="What replaces a name that is gone."),
    "version": {**TEXT, "description": "The version that dropped a name."},
}
"""The members of problem documents that are our own."""


def contents(offer: Offer, api: Api, *, by_name: bool, rows: str, only: str = "") -> Json:
    """Map the media types of an answer to schemas; *rows* names that of SELECT in JSON, if it has its own.

    With *by_name*, they are those that the names of formats stand for, else those that Accept asks for too;
    with *only*, that of one format.
    """
    if only:
        return {FORMATS[only].media_type: _schema(only, offer.kinds[0], rows)}
    found: dict[str, list[Json]] = {}
    for kind in offer.kinds:
        for form in offer.formats(kind, named=True):
            for media_type in (form.media_type, *(() if by_name else form.aliases)):
                schema = _schema(form.name, kind, rows)
                known = found.setdefault(media_type, [])
                known += [] if schema in known else [schema]
    types = {name: _any(several) for name, several in found.items()}
    types |= {name: {} if name.endswith("+json") else TEXT for name in api.content}
    types |= {JSON: ref(api.json)} if api.json else {}
    return types | ({HTML: TEXT} if offer.page else {})


def _any(schemas: list[Json]) -> Json:
    return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}


def _schema(form: str, kind: Kind, rows: str) -> Json:
    """Return the schema of an answer of a kind in a format."""
    if form == FORMATS["rows"].name and kind == "boolean":
        return _YES_OR_NO
    if form == FORMATS["rows"].name:
        return listed(ref(f"{rows}-row") if rows else {"type": "object"})
    if form == ANSWER.name:
        told = _YES_OR_NO if kind == "boolean" else listed(ref(f"{rows}-row") if rows else {"type": "object"})
        return record(
            {
                "question": TEXT,
                "summary": {**TEXT, "description": "The sentence that sums the whole answer up."},
                "release": TEXT,
                "cut": {"type": "boolean", "description": "Whether there are more rows than are sent."},
                "answer" if kind == "boolean" else "rows": told,
            }
        )
    if form == FORMATS["json"].name:
        return ref("AskResults" if kind == "boolean" else rows or "SelectResults")
    return {} if form == FORMATS["jsonld"].name else TEXT


def rows_of(name: str, always: Mapping[str, str], labels: Collection[str], told: Mapping[str, str]) -> Json:
    """Return the schemas of the answer to a question from its columns, with or without *labels*, by name.

    They are SPARQL results, and their rows; and plain rows. The columns *told* come where a parameter has
    several values.
    """
    columns = {**always, **told}
    cells = {name: ref({"iri": "Iri", "term": "Term"}.get(kind, "Literal")) for name, kind in columns.items()}
    plain = {
        name: {"type": [*_PLAIN.get(kind, ("string",)), "null"], "description": f"{kind}, or null."}
        for name, kind in columns.items()
    }
    heads = {"vars": listed({**TEXT, "enum": list(columns)})}
    closed = {"additionalProperties": False}
    return {
        name: _results({"results": record({"bindings": listed(ref(f"{name}-binding"))})}, heads),
        f"{name}-binding": {**record(cells, ()), **closed},
        f"{name}-row": {**record(plain, [name for name in always if name not in labels]), **closed},
    }


_PLAIN: Final = {
    "integer": ("integer",),
    "decimal": ("number",),
    "boolean": ("boolean",),
    "term": ("string", "number", "boolean"),
}
"""What each type of column is in plain rows, if it is no text."""


def of_class(cls: Any) -> Json:
    """Return the schema of a data class of texts, truth values, and tuples of texts or of data classes."""

    def schema(hint: Any) -> Json:
        if hint in (str, bool):
            return TEXT if hint is str else _YES_OR_NO
        (item, *_) = get_args(hint)
        return listed(schema(item) if item is str else ref(item.__name__))

    hints = get_type_hints(cls)
    # without a title, which programs that are made of the document would take for the name of a class
    about = " ".join((cls.__doc__ or "").split())
    return {**record({field.name: schema(hints[field.name]) for field in fields(cls)}), "description": about}


def _problem(status: int | None = None) -> Json:
    """Return the schema of a problem document of a status, or of any."""
    kinds = {code: kind for code, kind in KINDS.items() if status in (None, kind.status)}
    own: dict[str, Json] = {
        "type": {
            **TEXT,
            "enum": [at(f"/problems#{code}") for code in kinds],
            "description": "Its kind, and its page.",
        },
        "title": {**TEXT, "enum": sorted({kind.title for kind in kinds.values()})},
        "status": {"type": "integer", "enum": sorted({kind.status for kind in kinds.values()})},
        "detail": {**TEXT, "description": "What is wrong, and what to do."},
    }
    return {**record({**own, **MEMBERS}, own), "description": "A problem document as of RFC 9457."}


def _term(*types: str) -> Json:
    return record({"type": {"enum": list(types)}, "value": {}}, ("type", "value"))


def _results(body: Mapping[str, Json], head: Mapping[str, Json]) -> Json:
    return record({"head": record({**head, "link": listed(TEXT)}, head), **body})


def _explanation() -> Json:
    labelled = record(dict.fromkeys(("type", "value", "label", "datatype"), TEXT), ("type", "value"))
    origin = record(
        dict.fromkeys(("kind", "graph", "label", "quote", "quoteNote"), TEXT), ("kind", "graph", "label")
    )
    node = {
        "statement": listed(labelled, minItems=3, maxItems=3),
        "origins": listed(origin),
        "premises": listed(_NUMBER, description="Nodes, by number."),
        "nothingRecordedOf": listed(TEXT),
        "cut": {**TEXT, "description": "Why something is left out, if it is."},
    }
    whole = {
        "iri": TEXT,
        "title": TEXT,
        "facts": listed(record({"title": TEXT, "value": labelled})),
        "trees": listed(_NUMBER, description="The nodes that are the tops of trees, by number."),
        "more": {**_YES_OR_NO, "description": "Whether more is said of it than is explained."},
        "nodes": listed(record(node)),
    }
    return record(whole)


def _changes() -> Json:
    both = record({"added": _NUMBER, "removed": _NUMBER})
    thing = {"iri": TEXT, "how": {"enum": ["added", "removed", "changed"]}, "label": TEXT}
    file = {"name": TEXT, "media_type": TEXT, "gzip": _YES_OR_NO, "statements": _NUMBER}
    whole = {
        "before": TEXT,
        "after": TEXT,
        "quads": both,
        "counts": {"type": "object", "additionalProperties": both},
        "terms": listed(record({**thing, "successor": TEXT})),
        "findings": listed(record({**thing, "before": TEXT, "after": TEXT})),
        "files": listed(record({**file, "bytes": _NUMBER, "sha256": TEXT})),
    }
    return record(whole)


_CLASSES: Final = (
    *(Ground, Element, Half, ProtectiveNorm, Standing, TreatyCaveat, Clause, Harm, MissingFact, Fact),
    ChangedConclusion,
)
"""The data classes that answers in JSON are made of."""


def _assessment() -> Json:
    whole = of_class(Assessment)
    return {**record({"notice": TEXT, **whole["properties"]}), "description": whole["description"]}


def _terms() -> Json:
    """Return the schema of what completes a query."""
    term = record({"label": TEXT, "definition": TEXT, "count": _NUMBER})

    def by_name(items: Json) -> Json:
        return {"type": "object", "additionalProperties": items}

    return record(
        {
            "prefixes": by_name(TEXT),
            "classes": by_name(term),
            "properties": by_name(term),
            "of": by_name(by_name(COUNTED)),
            "values": by_name(by_name(listed(TEXT))),
        }
    )


def schemas() -> Json:
    """Return the schemas that all operations share, by name."""
    bindings = listed({"type": "object", "additionalProperties": ref("Term")})
    workers = {"type": ["integer", "null"], "description": "Null where an endpoint answers."}
    hit = {"iri": TEXT, "label": TEXT, "kind": TEXT, "note": TEXT, "disputed": listed(TEXT)}
    status = {"enum": ["ok", "no workers", "no endpoint"]}
    health = {"status": status, "release": TEXT, "workers": workers, "trouble": TEXT}
    return {
        "Problem": _problem(),
        **{f"Problem{status}": _problem(status) for status in sorted({k.status for k in KINDS.values()})},
        "Term": _term("uri", "literal", "bnode", "triple"),
        "Iri": _term("uri"),
        "Literal": _term("literal"),
        "SelectResults": _results({"results": record({"bindings": bindings})}, {"vars": listed(TEXT)}),
        "AskResults": _results({"boolean": _YES_OR_NO}, {}),
        "Explanation": _explanation(),
        "Changes": _changes(),
        "Assessment": _assessment(),
        "Differences": listed(ref("ChangedConclusion")),
        "Found": record({"query": TEXT, "total": _NUMBER, "results": listed(record(hit))}),
        "Health": record(health),
        "Terms": _terms(),
        "OpenApi": {"type": "object", "required": ["openapi", "info", "paths"]},
        **{cls.__name__: of_class(cls) for cls in _CLASSES},
    }
