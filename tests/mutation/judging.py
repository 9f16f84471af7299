"""Asks for each mutant whether the tests find it, in processes that may end or take too long."""

from __future__ import annotations

import os
import resource
import signal
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from mutation.editing import Mutant

SECONDS = 3.0
"""Seconds of processor time that the tests of one mutant may take; what takes longer is found."""
MEMORY = 2 * 2**30
"""Bytes that a process may take more than it has."""


@dataclass(frozen=True)
class Judge:
    """The mutants of one rule, question or shape, and whether tests find the one of a number."""

    name: str
    mutants: Sequence[Mutant]
    finds: Callable[[int], bool]

    def sampled(self, numbers: Sequence[int]) -> Judge:
        """Return the judge of some of the mutants."""
        return Judge(
            self.name, [self.mutants[number] for number in numbers], lambda at: self.finds(numbers[at])
        )

    def survivors(self) -> list[Mutant]:
        """Return the mutants that no test finds; one that ends its process, or is too slow, is found."""
        found: list[bool] = []
        while len(found) < len(self.mutants):
            found += self._from(len(found))
        return [mutant for mutant, dead in zip(self.mutants, found, strict=True) if not dead]

    def _from(self, start: int) -> list[bool]:
        """Judge mutants from *start* on in a process of their own, until that ends, by the last or itself."""
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            with suppress(BaseException):
                self._judge(start, writing)
            os._exit(0)
        os.close(writing)
        with open(reading, "rb") as file:
            told = file.read()
        os.waitpid(child, 0)
        found = [sign == ord("1") for sign in told]
        return found if start + len(found) == len(self.mutants) else [*found, True]

    def _judge(self, start: int, writing: int) -> None:
        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, used + MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        for number in range(start, len(self.mutants)):
            signal.setitimer(signal.ITIMER_PROF, SECONDS)
            os.write(writing, b"1" if self.finds(number) else b"0")
