"""The pool in its event loop: who is blamed when a process ends, who is told what when none can be had."""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import cast
from unittest.mock import AsyncMock

import psutil
import pytest

from engines import CSV, asked, blocking, opened, pool_of, soon, workers
from service import SLOW, WIDE, make_release
from surplace.engine import sandbox
from surplace.engine.answer import Room
from surplace.engine.clients import CLIENT
from surplace.engine.limits import Limits
from surplace.engine.link import Link, Reply
from surplace.engine.local import LocalEngine
from surplace.engine.process import OUT_OF_TIME, Child
from surplace.engine.protocol import Request
from surplace.engine.query_errors import (
    DeadlineError,
    EngineError,
    LostError,
    OveruseError,
    RefusedError,
    TooComplexError,
    UnavailableError,
)
from surplace.engine.release import find_release
from surplace.engine.syntax import bad_query
from surplace.errors import SurplaceError

pytestmark = [
    pytest.mark.quiet,
    pytest.mark.skipif(sys.platform == "win32", reason="processes are watched by their descriptors"),
]

ONE = "SELECT * { VALUES ?x { 1 } }"
ANSWER = "x\r\n1\r\n"


def count_of(engine: LocalEngine, number: int) -> bool:
    """Tell whether so many workers are ready, and nothing runs."""
    return len(workers(engine)) == number and not engine.figures().running


def at_work(engine: LocalEngine) -> list[int]:
    """Return the ids of the processes that have a query."""
    idle = {item.pid for item in pool_of(engine).queue.idle}
    return [pid for pid in workers(engine) if pid not in idle]


def end_each(monkeypatch: pytest.MonkeyPatch, number: int, how: int) -> list[int]:
    """End the next processes so, as soon as each has its query; return a list that gets their ids."""
    ended: list[int] = []
    ask = Link.ask

    def ask_and_end(link: Link, message: bytes, reply: Reply) -> bool:
        if len(ended) == number:
            return ask(link, message, reply)
        ended.append(link.pid)
        os.kill(link.pid, signal.SIGSTOP)  # so that no answer is there before
        there = ask(link, message, reply)
        os.kill(link.pid, how)
        with suppress(ProcessLookupError):
            os.kill(link.pid, signal.SIGCONT)
        return there

    monkeypatch.setattr(Link, "ask", ask_and_end)
    return ended


@pytest.mark.parametrize("how", ["SIGSEGV", "SIGBUS", "SIGILL", "SIGABRT"])
def test_a_query_that_ends_its_process_is_too_complex_and_costs_a_second(
    release: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    async def main() -> None:
        async with opened(release) as engine:
            CLIENT.set("192.0.2.1")
            ended = end_each(monkeypatch, 1, getattr(signal, how))
            with pytest.raises(TooComplexError, match="probably because the query is too complex"):
                await engine.ask(Request(ONE))
            assert 0.9 < engine.shares.level("192.0.2.1") < 1.3
            assert engine.figures().ended == {"too-complex": 1}
            assert await asked(engine, ONE) == ANSWER, "nothing is remembered of it"
            assert await soon(lambda: count_of(engine, 3) or count_of(engine, 2))
            assert ended[0] not in workers(engine)

    asyncio.run(main())


@pytest.mark.parametrize("how", ["SIGTERM", "SIGHUP", "SIGKILL", "SIGALRM"])
def test_a_query_whose_process_is_ended_from_outside_is_begun_again(
    release: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    async def main() -> None:
        async with opened(release) as engine:
            CLIENT.set("192.0.2.1")
            ended = end_each(monkeypatch, 2, getattr(signal, how))
            assert await asked(engine, ONE) == ANSWER
            assert len(set(ended)) == 2
            assert engine.shares.level("192.0.2.1") < 0.5

    asyncio.run(main())


def test_a_query_is_begun_again_twice_at_most(release: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def main() -> None:
        async with opened(release) as engine:
            ended = end_each(monkeypatch, 3, signal.SIGKILL)
            with pytest.raises(LostError, match="was ended from outside: ask again"):
                await engine.ask(Request(ONE))
            assert len(set(ended)) == 3
            assert engine.figures().ended == {"lost": 3}
            assert await asked(engine, ONE) == ANSWER

    asyncio.run(main())


def test_the_timer_of_a_worker_counts_as_the_deadline_once_that_is_over(release: Path) -> None:
    async def main() -> tuple[EngineError, EngineError]:
        async with opened(release) as engine:
            ended = cast("Link", SimpleNamespace(doomed="", status=AsyncMock(return_value=OUT_OF_TIME)))
            now = time.monotonic()
            return (
                await engine.pool._why(ended, Request(ONE), now - 1),
                await engine.pool._why(ended, Request(ONE), now + 5),
            )

    late, early = asyncio.run(main())
    assert isinstance(late, DeadlineError)
    assert isinstance(early, LostError)


def test_what_forks_the_workers_may_be_lost_and_no_query_with_it(release: Path) -> None:
    async def main() -> None:
        async with opened(release, deadline=20) as engine:
            slow = asyncio.create_task(engine.ask(Request(SLOW.replace("?p ?q ?r", ""), CSV)))
            assert await soon(lambda: len(at_work(engine)) == 1)
            server = psutil.Process(workers(engine)[0]).ppid()
            assert server != os.getpid()
            os.kill(server, signal.SIGKILL)
            for _ in range(10):
                assert await asked(engine, ONE) == ANSWER
            assert not slow.done()
            slow.cancel()
            assert await soon(lambda: count_of(engine, 3) or count_of(engine, 2))
            assert psutil.Process(workers(engine)[0]).ppid() != server

    asyncio.run(main())


def test_workers_that_are_killed_while_they_are_idle_lose_no_query(release: Path) -> None:
    async def main() -> None:
        async with opened(release) as engine:
            for _ in range(5):
                assert await soon(lambda: count_of(engine, 2))
                for pid in workers(engine):
                    os.kill(pid, signal.SIGKILL)
                assert await asked(engine, ONE) == ANSWER

    asyncio.run(main())


def test_a_query_whose_process_holds_too_much_is_too_complex(
    release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where the system sets no limit."""
    monkeypatch.setattr("surplace.engine.workers.CAPPED", False)

    async def main() -> None:
        async with opened(release, deadline=20) as engine:
            asking = asyncio.create_task(engine.ask(Request(SLOW)))
            assert await soon(lambda: at_work(engine))
            pid, memory = at_work(engine)[0], Child.memory
            monkeypatch.setattr(Child, "memory", lambda link: 10**12 if link.pid == pid else memory(link))
            with pytest.raises(TooComplexError):
                await asking
            assert engine.figures().ended == {"memory": 1}

    asyncio.run(main())


def test_an_idle_worker_that_holds_much_is_replaced(release: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("surplace.engine.workers.LOOK", 0.2)

    async def main() -> None:
        async with opened(release) as engine:
            assert await soon(lambda: count_of(engine, 2))
            fat, memory = workers(engine)[0], Child.memory
            monkeypatch.setattr(Child, "memory", lambda link: memory(link) + 2**27 * (link.pid == fat))
            assert await soon(lambda: fat not in workers(engine) and count_of(engine, 2))
            assert engine.figures().ended == {"retired": 1}

    asyncio.run(main())


def test_a_query_that_nobody_waits_for_is_stopped_and_charged(release: Path) -> None:
    async def main() -> None:
        async with opened(release) as engine:
            CLIENT.set("192.0.2.1")
            asking = asyncio.create_task(engine.ask(Request(SLOW)))
            assert await soon(lambda: at_work(engine))
            (pid,) = at_work(engine)
            await asyncio.sleep(0.4)
            asking.cancel()
            await asyncio.wait([asking])
            assert asking.cancelled()
            assert engine.figures().running == 0
            assert 0.3 < engine.shares.level("192.0.2.1") < 1
            assert await soon(lambda: not psutil.pid_exists(pid))
            assert engine.figures().ended == {"retired": 1}
            assert await soon(lambda: count_of(engine, 2))

    asyncio.run(main())


def test_a_large_answer_that_nobody_waits_for_leaves_no_room_taken(release: Path) -> None:
    async def main() -> None:
        async with opened(release, answers_bytes=50_000_000) as engine:
            for pause in (0.05, 0.1, 0.2, 0.3):
                asking = asyncio.create_task(engine.ask(Request(WIDE + " LIMIT 20000")))
                await asyncio.sleep(pause)
                asking.cancel()
                with suppress(asyncio.CancelledError):
                    (await asking).close()
            room = pool_of(engine).room
            room.take("", 50_000_000)
            room.free("", 50_000_000)

    asyncio.run(main())


def test_the_loop_goes_on_while_a_query_runs_and_a_worker_stands_still(release: Path) -> None:
    async def main() -> None:
        async with opened(release, deadline=1) as engine:
            assert await soon(lambda: count_of(engine, 2))
            for pid in workers(engine):
                os.kill(pid, signal.SIGSTOP)
            asking = asyncio.create_task(engine.ask(Request(ONE)))
            turns = 0
            while not asking.done():
                await asyncio.sleep(0.01)
                turns += 1
            with pytest.raises(DeadlineError):
                await asking
            assert turns > 50

    asyncio.run(main())


def test_a_full_queue_is_told_at_once_to_retry(release: Path) -> None:
    """One runs; one waits for its end, which is as many long ones as may wait; the third is sent away."""

    async def main() -> None:
        async with opened(release, deadline=1.0, queue=2) as engine:
            assert await soon(lambda: count_of(engine, 2))
            asking = []
            for _ in range(3):
                asking.append(asyncio.create_task(asked(engine, SLOW)))
                await asyncio.sleep(0.05)
            await asyncio.sleep(0.6)
            assert [task.result() for task in asking if task.done()] == ["busy"]
            assert engine.figures().ended["put-off"] >= 1
            assert await asked(engine, ONE) == ANSWER
            outcomes = sorted(await asyncio.gather(*asking))
            assert outcomes in (["busy", "busy", "deadline"], ["busy", "deadline", "deadline"])
            assert await soon(lambda: count_of(engine, 2))

    asyncio.run(main())


def test_what_runs_long_steps_back(release: Path) -> None:
    async def main() -> None:
        async with opened(release, quick=0.1) as engine:
            asking = asyncio.create_task(engine.ask(Request(SLOW)))
            assert await soon(lambda: at_work(engine))
            process = psutil.Process(at_work(engine)[0])
            assert await soon(lambda: process.nice() == 5)
            assert await soon(lambda: process.nice() == 10, 2)
            assert [psutil.Process(pid).nice() for pid in workers(engine) if pid != process.pid] == [0, 0]
            asking.cancel()

    asyncio.run(main())


def test_looking_at_a_query_is_charged_and_a_share_that_is_used_up_is_refused_before(release: Path) -> None:
    async def main() -> None:
        async with opened(release, client_burst=1, client_seconds=0.001) as engine:
            CLIENT.set("192.0.2.7")
            with pytest.raises(RefusedError):
                await engine.ask(Request("ASK { SERVICE <http://127.0.0.1:9/> {} }" + " x" * 3000))
            assert 0 < engine.shares.level("192.0.2.7") < 1
            engine.shares.add("192.0.2.7", 5)
            with pytest.raises(OveruseError):
                await engine.ask(Request("no SPARQL"))

    asyncio.run(main())


def test_the_client_of_a_thread_is_the_client_of_its_query(release: Path) -> None:
    with blocking(release, Limits(workers=1)) as engine:
        token = CLIENT.set("192.0.2.9")
        try:
            engine.ask(Request(ONE)).close()
            assert engine.run(engine.engine.suppose(len, "four")) == 4
        finally:
            CLIENT.reset(token)
        assert engine.shares is not None
        assert engine.shares.level("192.0.2.9") > 0
        assert engine.folder is not None
        assert engine.release == find_release(release).manifest


def test_what_runs_ends_before_the_engine_closes_and_nothing_begins(release: Path) -> None:
    async def main() -> None:
        engine = await LocalEngine.open(find_release(release), Limits(workers=2, deadline=1.0))
        asking = asyncio.create_task(asked(engine, SLOW))
        assert await soon(lambda: at_work(engine))
        pids = workers(engine)
        closing = asyncio.create_task(engine.close())
        await asyncio.sleep(0.1)
        with pytest.raises(UnavailableError, match="The service is stopping"):
            await engine.ask(Request(ONE))
        assert not asking.done()
        await closing
        assert await asking == "deadline"
        assert not any(psutil.pid_exists(pid) for pid in pids)
        await engine.close()

    asyncio.run(main())


def test_at_once_means_at_once(release: Path) -> None:
    async def main() -> float:
        engine = await LocalEngine.open(find_release(release), Limits(workers=2))
        asking = [asyncio.create_task(asked(engine, SLOW)) for _ in range(2)]
        assert await soon(lambda: at_work(engine))
        begun = time.monotonic()
        patiently = asyncio.create_task(engine.close())
        await asyncio.sleep(0)
        await engine.close(at_once=True)
        await patiently
        assert await asyncio.gather(*asking) == ["unavailable"] * 2
        return time.monotonic() - begun

    assert asyncio.run(main()) < 1


def test_a_machine_with_too_much_to_do_is_not_taken_for_a_release_that_is_broken(
    release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("surplace.engine.workers.START_TIME", 0.001)
    with pytest.raises(UnavailableError, match="for this machine has too much to do"):
        asyncio.run(LocalEngine.open(find_release(release), Limits(workers=1)))


def test_another_engine_takes_over_what_is_known_of_clients(release: Path) -> None:
    async def main() -> None:
        async with opened(release, workers=1) as former:
            former.shares.add("192.0.2.1", 7)
            later = await LocalEngine.open(find_release(release), Limits(workers=1), former)
            assert later.shares.level("192.0.2.1") > 6
            assert pool_of(later).room is pool_of(former).room
            assert later.figures().ended is former.figures().ended
            await later.close()

    asyncio.run(main())


def sleep_and_say(seconds: float) -> str:
    """Return a word after a while."""
    time.sleep(seconds)
    return "done"


def end_itself() -> None:
    """End the process of a supposition."""
    os.kill(os.getpid(), signal.SIGSEGV)


def test_suppositions_wait_for_each_other_and_are_charged(release: Path) -> None:
    async def main() -> None:
        async with opened(release, client_seconds=0.001) as engine:
            CLIENT.set("192.0.2.1")
            found = await asyncio.gather(*(engine.suppose(sleep_and_say, 0.3) for _ in range(2)))
            assert found == ["done", "done"]
            assert 0.6 <= engine.shares.level("192.0.2.1") < 2
            with pytest.raises(TooComplexError, match="The process that computed the supposition was lost"):
                await engine.suppose(end_itself)
            assert engine.shares.level("192.0.2.1") > 1.5
            engine.shares.add("192.0.2.1", 1000)
            with pytest.raises(OveruseError):
                await engine.suppose(sleep_and_say, 0)

    asyncio.run(main())


def test_a_supposition_ends_at_its_deadline_waiting_included(release: Path) -> None:
    async def main() -> None:
        async with opened(release, supposition_deadline=1.5) as engine:
            begun = time.monotonic()
            first = asyncio.create_task(engine.suppose(sleep_and_say, 0.5))
            await asyncio.sleep(0)
            with pytest.raises(DeadlineError, match=r"The supposition took longer than 1\.5 seconds"):
                await engine.suppose(sleep_and_say, 5)
            assert 1.5 <= time.monotonic() - begun < 1.9
            assert await first == "done"
            assert engine.figures().running == 0

    asyncio.run(main())


def test_suppositions_end_at_once_when_the_engine_closes_or_nobody_waits(release: Path) -> None:
    async def main() -> float:
        engine = await LocalEngine.open(find_release(release), Limits(workers=2))
        given_up = asyncio.create_task(engine.suppose(sleep_and_say, 20))
        assert await soon(lambda: engine.figures().running == 1)
        given_up.cancel()
        await asyncio.wait([given_up])
        assert given_up.cancelled()
        supposing = [asyncio.create_task(engine.suppose(sleep_and_say, 20)) for _ in range(2)]
        assert await soon(lambda: (engine.figures().running, engine.figures().waiting) == (1, 1))
        begun = time.monotonic()
        await engine.close()
        found = await asyncio.gather(*supposing, return_exceptions=True)
        assert [type(item) for item in found] == [UnavailableError] * 2
        return time.monotonic() - begun

    assert asyncio.run(main()) < 2


def test_a_full_disk_is_not_the_fault_of_the_query(
    release: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async def main() -> None:
        async with opened(release) as engine:
            monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
            with pytest.raises(UnavailableError, match=r"no room for large answers \(No such file"):
                await engine.ask(Request(WIDE + " LIMIT 5000"))
            assert await asked(engine, ONE) == ANSWER

    asyncio.run(main())


def test_a_release_that_was_deleted_is_told_at_once_and_logged_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = make_release(tmp_path / "out")
    inside = find_release(folder).path
    sentence = f"The release in {inside} is gone: build it again, or serve another one."
    caplog.set_level(logging.WARNING, "surplace.pool")

    async def main() -> None:
        async with opened(folder) as engine:
            assert await soon(lambda: count_of(engine, 2))
            assert await engine.health() == {
                "status": "ok",
                "release": inside.name,
                "workers": 2,
                "trouble": "",
            }
            shutil.move(inside, tmp_path / "aside")
            for pid in workers(engine):
                os.kill(pid, signal.SIGKILL)
            waiting = asyncio.create_task(engine.ask(Request(ONE)))
            assert await soon(lambda: engine.pool.workers.trouble == sentence)
            assert (await engine.health())["status"] == "no workers"
            with pytest.raises(UnavailableError) as caught:
                await waiting
            assert str(caught.value) == sentence
            begun = time.monotonic()
            with pytest.raises(UnavailableError, match="is gone"):
                await engine.ask(Request(ONE))
            assert time.monotonic() - begun < 0.1
            await asyncio.sleep(1.5)
            shutil.move(tmp_path / "aside", inside)
            assert await soon(lambda: bool(engine.pool.workers.ready()))
            assert (await engine.health())["trouble"] == ""
            assert await asked(engine, ONE) == ANSWER

    asyncio.run(main())
    assert [record.getMessage() for record in caplog.records] == [
        f"No worker can be started: {sentence}",
        "Workers can be started again",
    ]


@pytest.mark.parametrize("files", [24, 40, 64, 96])
def test_too_few_files_are_told_as_such(release: Path, files: int, tmp_path: Path) -> None:
    """With so few, there is an answer or the right reason."""
    script = tmp_path / "few.py"
    script.write_text(
        "import sys\nfrom pathlib import Path\n"
        "from surplace.engine.blocking import open_blocking\nfrom surplace.engine.limits import Limits\n"
        "from surplace.engine.protocol import EngineError, Request\n"
        "from surplace.engine.release import find_release\n"
        "if __name__ == '__main__':\n"
        "    try:\n"
        "        engine = open_blocking(find_release(Path(sys.argv[1])), Limits(workers=8))\n"
        f"        print(engine.ask(Request({ONE!r}, {{'bindings': 'csv'}})).read().split())\n"
        "        engine.close()\n"
        "    except EngineError as error:\n        print(error)\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        ["bash", "-c", f'ulimit -n {files}; exec "$@"', "bash", sys.executable, script, release],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    told = "The processes that answer may open too few files: raise the limit with ulimit -n."
    assert done.stdout.strip() in ("[b'x', b'1']", told), done.stderr


def test_what_a_worker_would_ask_of_another_endpoint_is_refused_as_such(release: Path) -> None:
    """Where the look at the text did not see it, the worker can open no socket."""

    async def main() -> None:
        async with opened(release) as engine:
            with pytest.raises(RefusedError, match="SERVICE is not offered here"):
                await pool_of(engine).run(
                    Request("SELECT * { SERVICE <http://127.0.0.1:8099/> { ?s ?p ?o } }", CSV)
                )
            assert await asked(engine, ONE) == ANSWER

    asyncio.run(main())


def test_a_function_runs_in_a_sandbox() -> None:
    assert asyncio.run(sandbox.run(len, "four", seconds=10, memory=64)) == 4
    with pytest.raises(TimeoutError):
        asyncio.run(sandbox.run(sleep_and_say, 10, seconds=0.3, memory=64))
    with pytest.raises(sandbox.SandboxLostError) as caught:
        asyncio.run(sandbox.run(end_itself, seconds=10, memory=64))
    assert caught.value.by_itself
    with pytest.raises(SurplaceError, match="There is no release in nowhere"):
        asyncio.run(sandbox.run(find_release, Path("nowhere"), seconds=10, memory=64))


def test_an_answer_that_came_before_its_time_was_over_is_whole() -> None:
    async def main() -> bytes:
        reply = Reply(Request("ASK {}"), "", 1000, Room(1000))
        reply.take(b'A{"kind": "boolean", "format": "json"}\n{"boolean": true}')
        reply.fail(DeadlineError("too late"))  # nobody has taken the answer yet
        return (await reply.answer).read()

    assert asyncio.run(main()) == b'{"boolean": true}'


def test_the_fault_of_a_query_is_looked_for_outside_the_event_loop(release: Path) -> None:
    query = f"ASK {{ FILTER(1{'<1' * 40_000}) }}"
    begun = time.monotonic()
    fault = bad_query(query, 1, 27, "expected ENCODE_FOR_URI")
    took = time.monotonic() - begun

    async def main() -> tuple[str, float]:
        async with opened(release) as engine:
            failing = asyncio.create_task(engine.ask(Request(query)))
            longest, last = 0.0, time.monotonic()
            while not failing.done():
                await asyncio.sleep(0.005)
                longest, last = max(longest, time.monotonic() - last), time.monotonic()
            return str(failing.exception()), longest

    said, longest = asyncio.run(main())
    assert said == str(fault)
    assert longest < took / 2
