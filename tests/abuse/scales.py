"""Which of the service's processes is which, and what each of them weighs."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

import psutil

from abuse.target import Result
from service import Service, running


def web_process(main: int, url: str, patience: float = 10) -> psutil.Process:
    """Return that process below *main*, or itself, which holds the connections; raises LookupError.

    It is told by a connection that is made for this and has had its answer, so it is no matter how the
    service runs it.
    """
    end = time.monotonic() + patience
    while time.monotonic() < end:
        connection = HTTPConnection(urlsplit(url).netloc, timeout=patience, source_address=("127.0.1.251", 0))
        try:
            connection.request("GET", "/health")
            connection.getresponse().read()
            ours = connection.sock.getsockname()
            first = psutil.Process(main)
            for process in [*first.children(recursive=True), first]:
                with suppress(psutil.Error):
                    if any(item.raddr == ours for item in process.net_connections("tcp")):
                        return process
        except (OSError, AttributeError, HTTPException, psutil.Error):
            pass  # the process is being replaced, or has just closed the connection
        finally:
            connection.close()
        time.sleep(0.02)
    raise LookupError(f"no process below {main} holds the connections to {url}")


class Scales:
    """Weighs the processes of the service four times a second."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.most_web = self.most_worker = 0
        self.keepers: set[int] = set()
        self.webs: set[int] = set()
        self._web: psutil.Process | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._weigh, daemon=True)

    def __enter__(self) -> Scales:
        self.start_web, self.start_worker = self.now()
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        self._thread.join(10)

    def now(self) -> tuple[int, int]:
        """Return the bytes of the process of the pages, and of the largest worker."""
        web, workers = self.processes()
        return sum(map(memory, web)), max(map(memory, workers), default=0)

    def processes(self) -> tuple[list[psutil.Process], list[psutil.Process]]:
        """Return the process of the pages, and those that answer queries."""
        if self._web is None or not running(self._web.pid):
            try:
                self._web = web_process(self.service.process.pid, self.service.url)
            except LookupError:
                self._web = None
        web = [] if self._web is None else [self._web]
        self.webs |= {item.pid for item in web}
        workers = []
        for pid in self.service.workers():
            with suppress(psutil.Error):
                workers.append(psutil.Process(pid))
        return web, workers

    def _weigh(self) -> None:
        while not self._stop.wait(0.25):
            web, worker = self.now()
            self.most_web, self.most_worker = max(self.most_web, web), max(self.most_worker, worker)

    def report(self, result: Result, cap: int) -> None:
        """Write its figures; *cap* is what a worker may add to its start, in bytes."""
        mib = 1024 * 1024
        begun = time.monotonic()
        web, worker = self.now()
        while worker > self.start_worker + 70 * mib and time.monotonic() - begun < 10:
            time.sleep(0.1)
            web, worker = self.now()
        result.figures |= {
            "web process MiB (start, most, end)": [
                round(item / mib) for item in (self.start_web, self.most_web, web)
            ],
            "largest worker MiB (start, most, end)": [
                round(item / mib) for item in (self.start_worker, self.most_worker, worker)
            ],
            "web processes seen": len(self.webs),
        }
        result.expect(self.most_web <= 300 * mib, "the process of the pages had more than 300 MiB")
        result.expect(self.most_worker <= self.start_worker + cap + 64 * mib, "a worker passed its cap")
        result.expect(worker <= self.start_worker + 70 * mib, "workers kept their memory for 10 s")
        result.expect(len(self.webs) == 1, "the process of the pages was started anew")


def memory(process: psutil.Process) -> int:
    """Return the resident bytes of a process; 0 if it is gone."""
    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0
