"""Counts the calls of functions of one package, in every thread that begins after `install`."""

from __future__ import annotations

import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FrameType


@dataclass
class Calls:
    """How often each function was entered, by file and name; a generator is entered each time it goes on."""

    functions: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def calls(self) -> int:
        """How many calls there were."""
        return self.functions.total()

    def modules(self) -> dict[str, int]:
        """Return the calls of each file, most first."""
        found: Counter[str] = Counter()
        for (file, _), number in self.functions.items():
            found[file] += number
        return dict(found.most_common())


class Counting:
    """Counts while `during` lasts, in this thread and in those that began after `install`.

    Python tells a profiler of calls in the threads that have one, so it must be there before an event loop or
    a pool begins. Until `during`, and after, each call costs a look at a flag.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = str(folder.resolve()) + "/"
        self._found: Counter[CodeType] | None = None

    def install(self) -> None:
        """Watch this thread, and all that begin from now on."""
        threading.setprofile(self._called)
        sys.setprofile(self._called)

    def uninstall(self) -> None:
        """Watch this thread no longer, nor those that begin from now on."""
        sys.setprofile(None)
        threading.setprofile(None)

    def start(self) -> None:
        """Begin to count, from nothing."""
        self._found = Counter()

    def stop(self) -> Calls:
        """Count no longer; return what was counted."""
        found, self._found = self._found or Counter(), None
        calls = Calls()
        for code, number in found.items():
            if code.co_filename.startswith(self.folder):
                name = (code.co_filename.removeprefix(self.folder), code.co_qualname)
                calls.functions[name] += number
        return calls

    @contextmanager
    def during(self) -> Iterator[Calls]:
        """Count until the block ends; what is yielded has the calls after it."""
        calls = Calls()
        self.start()
        try:
            yield calls
        finally:
            calls.functions = self.stop().functions

    def _called(self, frame: FrameType, event: str, _: object) -> None:
        found = self._found
        if found is not None and event == "call":
            found[frame.f_code] += 1
