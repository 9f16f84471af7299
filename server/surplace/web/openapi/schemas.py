"""JSON schemas: of problems, of SPARQL results, of what the pages with an API of their own answer."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields
from typing import Any, Final, TypeAlias, get_args, get_type_hints

from surplace.rdf.formats import FORMATS, Format, Kind, formats_of
from surplace.suppose.comparison import Difference
from surplace.suppose.person import Element, Ground
from surplace.web.errors import KINDS

Json: TypeAlias = dict[str, Any]

TEXT: Final[Json] = {"type": "string"}
TEXTS: Final[Json] = {"type": "array", "items": TEXT}
NUMBERS: Final[Json] = {"type": "array", "items": {"type": "integer", "minimum": 0}}
PAGE: Final[Mapping[str, Json]] = {"text/html": TEXT}
_COUNTED: Final[Json] = {"type": "integer", "minimum": 1}

MEMBERS: Final[Mapping[str, Json]] = {
    "allowed": {**TEXTS, "description": "What would do instead."},
    "column": {**_COUNTED, "description": "Where reading the query stopped."},
    "line": {**_COUNTED, "description": "Where reading the query stopped."},
    "near": {**TEXT, "description": "The text at that place."},
    "offered": {**TEXTS, "description": "The media types in which the answer comes."},
    "parameter": {**TEXT, "description": "The parameter that is wrong."},
    "retry_after": {**_COUNTED, "description": "Seconds to wait, as in the header Retry-After."},
    "successor": {**TEXTS, "description": "What replaces a name that is gone."},
    "version": {**TEXT, "description": "The version that dropped a name."},
}
"""The members of problem documents that are our own."""


def ref(name: str) -> Json:
    """Refer to a schema of the document."""
    return {"$ref": f"#/components/schemas/{name}"}


def record(properties: Mapping[str, Json], required: Iterable[str] | None = None) -> Json:
    """Return the schema of an object; all of its properties are required unless *required* names some."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": sorted(properties if required is None else required),
    }


def answers(kinds: Iterable[Kind], rows: Json | None = None, *, page: bool) -> Mapping[str, Json]:
    """Map each media type of answers of these kinds to its schema; *rows* is that of SELECT in JSON."""
    found: dict[str, list[Json]] = {}
    for kind in kinds:
        for form in formats_of(kind):
            for media_type in (form.media_type, *form.aliases):
                known = found.setdefault(media_type, [])
                known += [schema for schema in [_schema(form, kind, rows)] if schema not in known]
    types = {name: several[0] if len(several) == 1 else {"anyOf": several} for name, several in found.items()}
    return {**types, **PAGE} if page else types


def downloads(kind: Kind, rows: Json | None = None) -> Mapping[str, Json]:
    """Map each media type of an answer that is asked for by name to its schema."""
    return {form.media_type: _schema(form, kind, rows) for form in formats_of(kind, named=True)}


def _schema(form: Format, kind: Kind, rows: Json | None) -> Json:
    """Return the schema of an answer of a kind in a format."""
    if form is FORMATS["json"]:
        return ref("AskResults") if kind == "boolean" else rows or ref("SelectResults")
    return {} if form is FORMATS["jsonld"] else TEXT


def rows_of(columns: Mapping[str, str], labels: Collection[str]) -> Json:
    """Return the schema of the SPARQL results of a question from its columns, with or without *labels*."""
    cells = {
        name: {**ref({"iri": "Iri", "term": "Term"}.get(kind, "Literal")), "title": kind}
        for name, kind in columns.items()
    }
    names = [list(columns), [name for name in columns if name not in labels]]
    row = {"properties": cells, "additionalProperties": False}
    own = {
        "head": {"properties": {"vars": {"enum": names if labels else names[:1]}}},
        "results": {"properties": {"bindings": {"items": row}}},
    }
    return {"allOf": [ref("SelectResults"), {"properties": own}]}


def of_class(cls: Any) -> Json:
    """Return the schema of a data class whose fields are texts, or tuples of texts or of data classes."""

    def schema(hint: Any) -> Json:
        if hint is str:
            return TEXT
        (item, *_) = get_args(hint)
        return {"type": "array", "items": schema(item) if item is str else ref(item.__name__)}

    hints = get_type_hints(cls)
    return {**record({field.name: schema(hints[field.name]) for field in fields(cls)}), "title": cls.__doc__}


def _problem() -> Json:
    own: dict[str, Json] = {
        "type": {"enum": [f"/problems#{code}" for code in KINDS], "description": "Its kind, and its page."},
        "title": {"enum": sorted({kind.title for kind in KINDS.values()})},
        "status": {"enum": sorted({kind.status for kind in KINDS.values()})},
        "detail": {**TEXT, "description": "What is wrong, and what to do."},
    }
    return {**record({**own, **MEMBERS}, own), "description": "A problem document as of RFC 9457."}


def _term(types: Iterable[str]) -> Json:
    return record({"type": {"enum": list(types)}, "value": {}}, ("type", "value"))


def _results(body: Mapping[str, Json], head: Mapping[str, Json], required: Iterable[str]) -> Json:
    return record({"head": record({**head, "link": TEXTS}, required), **body})


def _explanation() -> Json:
    labelled = record({"type": TEXT, "value": TEXT, "label": TEXT, "datatype": TEXT}, ("type", "value"))
    origin = record({"kind": TEXT, "graph": TEXT, "label": TEXT, "quote": TEXT}, ("kind", "graph", "label"))
    node = record(
        {
            "statement": {"type": "array", "items": labelled, "minItems": 3, "maxItems": 3},
            "origins": {"type": "array", "items": origin},
            "premises": {**NUMBERS, "description": "Nodes, by number."},
            "nothingRecordedOf": TEXTS,
            "cut": {**TEXT, "description": "Why something is left out, if it is."},
        }
    )
    return record(
        {
            "iri": TEXT,
            "title": TEXT,
            "facts": {"type": "array", "items": record({"title": TEXT, "value": labelled})},
            "trees": {**NUMBERS, "description": "The nodes that are the tops of trees, by number."},
            "more": {"type": "boolean", "description": "Whether more is said of it than is explained."},
            "nodes": {"type": "array", "items": node},
        }
    )


def _changes() -> Json:
    number = {"type": "integer", "minimum": 0}
    both = record({"added": number, "removed": number})
    how = {"enum": ["added", "removed", "changed"]}
    common = {"iri": TEXT, "how": how, "label": TEXT}
    file = {"name": TEXT, "media_type": TEXT, "gzip": {"type": "boolean"}, "statements": number}
    return record(
        {
            "before": TEXT,
            "after": TEXT,
            "quads": both,
            "counts": {"type": "object", "additionalProperties": both},
            "terms": {"type": "array", "items": record({**common, "successor": TEXT})},
            "findings": {"type": "array", "items": record({**common, "before": TEXT, "after": TEXT})},
            "files": {"type": "array", "items": record({**file, "bytes": number, "sha256": TEXT})},
        }
    )


def schemas() -> Json:
    """Return the schemas that all operations share, by name."""
    bindings = {"type": "array", "items": {"type": "object", "additionalProperties": ref("Term")}}
    return {
        "Problem": _problem(),
        "Term": _term(("uri", "literal", "bnode", "triple")),
        "Iri": _term(("uri",)),
        "Literal": _term(("literal",)),
        "SelectResults": _results({"results": record({"bindings": bindings})}, {"vars": TEXTS}, ("vars",)),
        "AskResults": _results({"boolean": {"type": "boolean"}}, {}, ()),
        "Explanation": _explanation(),
        "Changes": _changes(),
        "Assessment": record({"notice": TEXT, "grounds": {"type": "array", "items": ref("Ground")}}),
        "Health": record(
            {
                "status": {"enum": ["ok", "no workers"]},
                "release": TEXT,
                "workers": {"type": ["integer", "null"], "description": "Null where an endpoint answers."},
            }
        ),
        **{cls.__name__: of_class(cls) for cls in (Ground, Element, Difference)},
    }
