"""Requests that schemathesis makes of the OpenAPI document, fitting ones and others: answers must keep it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from itertools import cycle, repeat
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable

from abuse.target import Result, send, target

SETTINGS: dict[str, object] = {
    "client_errors": 10_000_000,
    "client_burst": 10_000_000,
    # an answer that takes its whole time tells no more than one that is stopped
    "deadline": 5,
    "supposition_deadline": 1.5,
}
CHECKS = {
    "enabled": False,
    "content_type_conformance": {"enabled": True},
    "not_a_server_error": {"enabled": True, "expected-statuses": ["2xx", "3xx", "4xx", "503", "504"]},
    "response_headers_conformance": {"enabled": True},
    "response_schema_conformance": {"enabled": True},
    "status_code_conformance": {"enabled": True},
}
GOOD = {"200", "303", "504"}
"""How examples in the document end; computing a supposition may take too long here."""


def attack(release: Path, *, examples: int) -> Result:
    """Send *examples* requests that fit each operation, as many that do not, and the document's own."""
    import schemathesis  # the other attacks go without it

    schemathesis.serializer("application/sparql-query")(_as_text)
    result = Result()
    outcomes: Counter[str] = Counter()
    shown: Counter[str] = Counter()
    with target(release, **SETTINGS) as service:
        document = json.loads(send(service.url, "GET", "/openapi.json").body)
        config = schemathesis.Config.from_dict({"checks": CHECKS})
        schema = schemathesis.openapi.from_dict(document, config=config)
        operations = [found.ok() for found in schema.get_all_operations()]
        for operation in operations:
            accepts = _accepts(document["paths"][operation.path][operation.method])
            try_one = partial(_try, service.url, accepts, result)
            for mode in schemathesis.GenerationMode:
                _generate(operation.as_strategy(generation_mode=mode), try_one, examples, outcomes)
            described = document["paths"][operation.path][operation.method].get("parameters", ())
            names = {item["name"] for item in described if "example" in item}
            for documented in operation.get_strategies_from_examples():
                _generate(
                    documented.map(partial(_without_others, names)),
                    partial(_try, service.url, repeat("*/*"), result),
                    1,
                    shown,
                )
    result.expect(shown.keys() <= GOOD, f"examples in the document do not work: {shown}")
    result.figures |= {
        "operations": len(operations),
        "requests": outcomes.total(),
        "outcomes": dict(outcomes.most_common()),
        "examples in the document": dict(shown.most_common()),
    }
    return result


def _without_others(names: set[str], case: Any) -> Any:
    """Take out of a documented example what was made up besides."""
    case.query = {name: value for name, value in case.query.items() if name in names}
    return case


def _as_text(_context: Any, value: Any) -> bytes:
    """Write a body that is bare text, whatever was generated for it."""
    return value if isinstance(value, bytes) else str(value).encode()


def _accepts(described: dict[str, Any]) -> Iterator[str]:
    """Return an endless turn of the media types that an operation promises, and of any type."""
    promised = [
        media for response in described["responses"].values() for media in response.get("content", ())
    ]
    return cycle(["*/*", *promised])


def _generate(cases: Any, try_one: Callable[[Any], str], number: int, outcomes: Counter[str]) -> None:
    """Try generated cases, the same in each run, and count the outcomes."""

    @settings(
        max_examples=number,
        phases=[Phase.generate],
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(cases)
    def run(case: Any) -> None:
        outcomes[try_one(case)] += 1

    try:
        run()
    except Unsatisfiable:
        return  # an operation without parameters has no request that does not fit


def _try(url: str, accepts: Iterator[str], result: Result, case: Any) -> str:
    """Send a request and check the answer; return its status."""
    import requests
    from schemathesis.errors import FailureGroup

    accept = next(accepts)
    shown = f"{case.method} {case.formatted_path} {case.query} {case.body!r:.200} Accept: {accept}"
    try:
        response = case.call(base_url=url, headers={"Accept": accept}, timeout=30, allow_redirects=False)
    except requests.RequestException as error:
        result.expect(False, f"{shown}: {error}")
        return type(error).__name__
    try:
        case.validate_response(response)
    except FailureGroup as group:
        for failure in group.exceptions:
            result.expect(False, f"{shown}: {response.status_code}, {failure.title}: {failure.message}")
    return str(response.status_code)
