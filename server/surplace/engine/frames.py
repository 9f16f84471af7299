"""Messages over a socket between a process and those that it started: a length, then so many bytes."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from struct import Struct
from typing import Final

LENGTH: Final = Struct("!i")
"""How a frame begins: with the number of bytes that follow."""
AT_ONCE: Final = 65536
"""Bytes that are received at once."""
_PLACES: Final = threading.local()


def place() -> memoryview:
    """Return where the event loop of this thread receives: to make room each time takes longer than that."""
    try:
        found: memoryview = _PLACES.place
    except AttributeError:
        found = _PLACES.place = memoryview(bytearray(AT_ONCE))
    return found


def frame(data: bytes) -> bytes:
    """Return *data* as a frame."""
    return LENGTH.pack(len(data)) + data


class Frames:
    """Takes in bytes as they come, and gives the frames that are whole."""

    def __init__(self) -> None:
        self._held: bytes | bytearray = b""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield the frames that end in *data*; all of them have to be taken."""
        held: bytes | bytearray = data
        if self._held:
            held = self._held if isinstance(self._held, bytearray) else bytearray(self._held)
            held += data
        position, end = 0, len(held)
        while end - position >= LENGTH.size:
            start = position + LENGTH.size
            after = start + LENGTH.unpack_from(held, position)[0]
            if after > end:
                break
            position = after
            yield bytes(held[start:after])
        self._held = held[position:] if position else held


class Channel:
    """The end of such a socket in a process that waits for what comes."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self._frames = Frames()
        self._whole: list[bytes] = []

    def receive(self) -> bytes:
        """Wait for a frame; raises EOFError when the other end is gone."""
        while not self._whole:
            data = self.sock.recv(AT_ONCE)
            if not data:
                raise EOFError
            self._whole.extend(self._frames.feed(data))
        return self._whole.pop(0)

    def send(self, *frames: bytes) -> None:
        """Send frames."""
        self.sock.sendall(b"".join(map(frame, frames)))
