"""HTTP with a time for the whole response: a socket's own timeout begins anew with every byte."""

from __future__ import annotations

import io
import socket
import time
from functools import partial
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from typing import Any
from urllib import request as http_request


def opener() -> http_request.OpenerDirector:
    """Return what opens http and https URLs and follows no redirect.

    The timeout of a request is the time until the last byte of its response; then TimeoutError is raised.
    """
    made = http_request.OpenerDirector()
    for handler in (
        http_request.ProxyHandler(),
        _Plain(),
        _Secure(),
        http_request.HTTPDefaultErrorHandler(),
        http_request.HTTPErrorProcessor(),
    ):
        made.add_handler(handler)
    return made


class _Plain(http_request.HTTPHandler):
    """Opens http URLs."""

    def http_open(self, req: http_request.Request) -> HTTPResponse:
        return self.do_open(partial(_connection, HTTPConnection), req)


class _Secure(http_request.HTTPSHandler):
    """Opens https URLs."""

    def https_open(self, req: http_request.Request) -> HTTPResponse:
        return self.do_open(partial(_connection, HTTPSConnection), req)


def _connection(kind: type[HTTPConnection], host: str, *, timeout: float) -> HTTPConnection:
    """Make a connection whose response has *timeout* seconds from now."""
    made: Any = kind(host, timeout=timeout)
    made.response_class = partial(_Response, time.monotonic() + timeout)
    return made  # type: ignore[no-any-return]


class _Response(HTTPResponse):
    """A response that is read until a point in time, however slowly its head or body comes."""

    def __init__(self, until: float, sock: socket.socket, *arguments: Any, **options: Any) -> None:
        super().__init__(sock, *arguments, **options)
        self.fp = io.BufferedReader(_Received(self.fp.detach(), sock, until))


class _Received(io.RawIOBase):
    """What a socket receives until a point in time."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket, until: float) -> None:
        self.raw, self.sock, self.until = raw, sock, until

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self.until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self.sock.settimeout(left)
        return self.raw.readinto(buffer)

    def close(self) -> None:
        self.raw.close()
        super().close()
