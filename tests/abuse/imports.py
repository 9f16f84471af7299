"""Files of RDF, mutated and hostile: who asks for them lives on, and the release stays as it was."""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from abuse.builds import copied, fingerprint
from abuse.target import Result
from surplace import resources
from surplace.build import foreign
from surplace.engine.limits import Limits
from surplace.engine.release import find_release
from surplace.errors import SurplaceError

CAPS = Limits(import_time=10, import_memory=256, import_size=8)

HOSTILE = (
    b"<urn:a> <urn:b> " + b"[ <urn:c> " * 100_000,
    b"<urn:a> <urn:b> " + b"( " * 100_000,
    b"<urn:a> <urn:b> " + b"<<( " * 100_000,
    b"<urn:a> <urn:b> " + b"<\xe2\x80\xb9(" * 100_000,
    b"GRAPH <urn:g> { " * 10_000,
    b"@prefix : <urn:" + b"a" * 1_000_000 + b"> . :a :b :c .",
    b'<urn:a> <urn:b> """' + b'"' * 1_000_000,
    b"".join(b"@prefix p%d: <urn:%d> .\n" % (n, n) for n in range(50_000)),
    b"PREFIX a: <" * 50_000,
    b"<urn:a> <urn:b> " + b"9" * 1_000_000 + b" .",
    b"\x00" * 1_000_000,
    b"\xff\xfe<\x00a\x00",
    b"\xef\xbb\xbf<urn:a> <urn:b> <urn:c> .",
    b"<urn:a> <urn:b> 'a'@" + b"a-" * 100_000 + b" .",
    b"<urn:a> <urn:b> <" + b"\\u0041" * 100_000 + b"> .",
    b"_:" + b"a" * 1_000_000 + b" <urn:b> <urn:c> .",
    b"<urn:a> <urn:b> " + b"<urn:c>, " * 200_000 + b"<urn:d> .",
    b"#" * 8_000_000,
    b"x" * (9 * 1024 * 1024),
    b"",
)
TOKENS = (
    b"[",
    b"(",
    b"{",
    b"<<",
    b'"',
    b"'''",
    b"<",
    b">",
    b"@",
    b"\\u",
    b"\x00",
    b"\xff",
    b"^^",
    b";",
    b"_:",
    b"GRAPH",
)


def mutated(number: int) -> Iterator[bytes]:
    """Yield the hostile files, then files of the project with something broken in each."""
    yield from HOSTILE[:number]
    seeds = [path.read_bytes() for path in sorted(resources.data_dir().rglob("*.t*")) if path.stat().st_size]
    chosen = random.Random(7)
    for _ in range(number - len(HOSTILE)):
        data = bytearray(chosen.choice(seeds)[: chosen.randrange(200, 20_000)])
        for _ in range(chosen.randrange(1, 8)):
            place = chosen.randrange(len(data) + 1)
            kind = chosen.randrange(5)
            if kind == 0:
                data[place : place + 1] = bytes([chosen.randrange(256)])
            elif kind == 1:
                data[place:place] = chosen.choice(TOKENS) * chosen.choice((1, 2, 50, 5_000))
            elif kind == 2:
                del data[place : place + chosen.randrange(1, 200)]
            elif kind == 3:
                data[place:place] = data[max(0, place - 300) : place]
            else:
                data = data[: max(1, place)]
        yield bytes(data)


def attack(release: Path, *, number: int, builds: int) -> Result:
    """Read *number* files, and let *builds* of them into a build beside the project's data."""
    result = Result()
    outcomes: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:

        def read(item: tuple[int, bytes]) -> str:
            place, data = item
            path = Path(folder) / f"{place}.{('ttl', 'trig')[place % 2]}"
            path.write_bytes(data)
            try:
                foreign.read([(path, "file")], CAPS)
            except SurplaceError as error:
                message = str(error)
                result.expect("\n" not in message and message.startswith("file"), f"{place}: {message[:200]}")
                return "ended its process" if "cannot be read within" in message else "refused"
            finally:
                path.unlink()
            return "read"

        with ThreadPoolExecutor(2) as several:
            outcomes.update(several.map(read, enumerate(mutated(number))))
        result.figures |= {"files": number, "outcomes": dict(outcomes)}
        out = copied(release, Path(folder) / "out")
        before = fingerprint(find_release(out).path)
        for data in mutated(builds):
            _build(result, out, Path(folder) / "more", data)
        found = find_release(out)
        same = fingerprint(found.path) == before
        result.figures |= {"builds with such a file": builds, "served release untouched": same}
        result.expect(same, "the served release had changed")
    return result


def _build(result: Result, out: Path, more: Path, data: bytes) -> None:
    more.mkdir(exist_ok=True)
    (more / "foreign.ttl").write_bytes(data)
    done = subprocess.run(
        [sys.executable, "-m", "surplace", "check", "--with", str(more)]
        if not data
        else [sys.executable, "-m", "surplace", "build", "--quiet", "--out", str(out), "--with", str(more)],
        capture_output=True,
        text=True,
        check=False,
    )
    result.expect(done.returncode in (0, 1), f"a build ended with {done.returncode}")
    result.expect("Traceback" not in done.stderr, f"a build showed a traceback: {done.stderr[-300:]}")
    if done.returncode:
        result.expect(done.stderr.startswith("surplace: "), f"a build said: {done.stderr[:200]}")
