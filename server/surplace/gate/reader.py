"""Reads requests of HTTP/1.1 from the bytes of a connection: httptools parses, the limits are kept here."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote, urlsplit

from httptools import HttpParserError, HttpParserInvalidMethodError, HttpParserUpgrade, HttpRequestParser

from surplace.engine.limits import Limits
from surplace.http.host import host_of
from surplace.http.problems import Problem

HEADERS: Final = 100
"""Headers that a request may have."""
_UNKNOWN_METHOD: Final = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+ [^ \r\n]+ HTTP/1\.[01]\r?\n")
_VERSION: Final = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+ [^ \r\n]+ )HTTP/([0-9])\.([0-9])(?=\r?\n)")
"""The first line of a request: what is before the version, and its two numbers."""
_NO_BODY: Final = frozenset(("", "0"))


@dataclass(slots=True)
class Message:
    """A request as it stands in the bytes; *size* is that of its headers, *last* tells that none follows."""

    method: str = ""
    url: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    size: int = 0
    count: int = 0
    last: bool = False
    parts: bool = False
    """Whether the client takes an answer part by part, as HTTP/1.0 does not."""

    def address(self) -> tuple[str, str]:
        """Return the path, decoded, and the query string; raises Problem.

        A target in a proxy's form has the host in it, which then counts instead of that of the header. The
        target `*` is the path of OPTIONS for the service as a whole.
        """
        target, _, query = self.url.partition(b"#")[0].partition(b"?")
        try:
            text, asked = target.decode("utf-8"), query.decode("utf-8")
            if not text.startswith("/") and (text, self.method) != ("*", "OPTIONS"):
                whole = urlsplit(text)
                host = host_of(whole.netloc) if whole.scheme in ("http", "https") else ""
                if not host:
                    raise Problem("bad-request", "The address is no path: send one that begins with a slash.")
                self.headers["host"], text = host, whole.path or "/"
            return unquote(text, errors="strict"), asked
        except ValueError:
            raise Problem("bad-request", "The address cannot be read: encode it as UTF-8 with %XX.") from None


class Reader:
    """Feeds a parser, and hands on each request that is whole.

    *hold* is told of bytes that come of a request which is not complete, and may return a problem; *begun* of
    a head that begins and of one that is complete, *whole* of a request. *began* tells whether one has begun,
    *headed* whether its head is complete, *ended* whether the last one came: what follows it is not read, as
    RFC 9112, section 9.6, has it.
    """

    def __init__(
        self,
        limits: Limits,
        hold: Callable[[int], Problem | None],
        begun: Callable[[], None],
        whole: Callable[[Message], None],
    ) -> None:
        self.limits, self._hold, self._begun, self._whole = limits, hold, begun, whole
        self._parser = HttpRequestParser(self)
        self._trouble: Problem | None = None
        self.expects = self.ended = self._completed = False
        self._begin()

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers that were read of a request that is not complete."""
        return self._message.headers

    def feed(self, data: memoryview) -> Problem | None:
        """Take in what was sent; return what is wrong with it, after which nothing more may be fed."""
        self._completed, first = False, not self.began
        try:
            self._feed(data)
        except HttpParserInvalidMethodError:
            known = _UNKNOWN_METHOD.search(data) is None
            self._fail(_unreadable() if known else _not_implemented())
        except HttpParserError:
            self._feed_again(data if first and not self._completed else memoryview(b""))
        if self.began and not self._completed:
            self._hold_head(len(data))
        return self._trouble

    def close(self) -> None:
        """Let go of what was read: the parser and its reader hold each other, and a head may be long."""
        self._message = Message()
        del self._parser

    def _feed(self, data: bytes | memoryview) -> None:
        """Have the parser read; who offers another protocol, as Java does, is answered in this one."""
        while data and not self.ended:
            try:
                self._parser.feed_data(data)
            except HttpParserUpgrade as offer:
                data = self._without_offer() + bytes(data[offer.args[0] :])
            except HttpParserError:
                if not self.ended:
                    raise
            else:
                return

    def _feed_again(self, data: memoryview) -> None:
        """Read a request with which *data* begins, if only its version is too high, as one of HTTP/1.1.

        RFC 9110, section 2.5, wants a higher minor version to be taken for the highest that is known.
        """
        line = _VERSION.match(data)
        if line is None or line[2] + line[3] in (b"10", b"11"):
            self._fail(_unreadable())
        elif line[2] != b"1":
            self._fail(_other_version())
        else:
            self._parser = HttpRequestParser(self)
            self._begin()
            try:
                self._feed(line[1] + b"HTTP/1.1" + bytes(data[line.end() :]))
            except HttpParserError:
                self._fail(_unreadable())

    def _without_offer(self) -> bytes:
        """Return the head of a request whose body is to come, without what keeps the parser from the body."""
        if not self._skips_body:
            return b""
        lines = [b"%s %s HTTP/1.1" % (self._parser.get_method(), self._message.url)]
        lines += [
            f"{name}: {value}".encode("latin-1")
            for name, value in self._message.headers.items()
            if name not in ("upgrade", "expect")
        ]
        self._begin()
        return b"\r\n".join([*lines, b"", b""])

    # what the parser calls

    def on_message_begin(self) -> None:
        """Note that a request begins; raises EOFError after the last one, which stops the parser."""
        if self.ended:
            raise EOFError
        self.began = True
        self._begun()

    def on_url(self, url: bytes) -> None:
        """Take in the target, or a part of it."""
        self._message.url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take in a header; those after the body say nothing here."""
        if self.headed or self._trouble is not None:
            return
        message, key, text = self._message, name.decode("latin-1").lower(), value.decode("latin-1")
        message.size += len(name) + len(value)
        message.count += 1
        if message.count > HEADERS:
            self._fail(Problem("head-too-large", f"The request has more than {HEADERS} headers: send fewer."))
        elif key not in message.headers:
            message.headers[key] = text
        elif key == "host":
            self._fail(Problem("bad-request", "The request has two hosts: send one header Host."))
        else:
            message.headers[key] += f", {text}"

    def on_headers_complete(self) -> None:
        """Look at the head, which is complete."""
        self.headed = True
        message = self._message
        if len(message.url) + message.size > self.limits.head_bytes:
            self._fail(self._too_long())
        if not self._has_host():
            self._fail(Problem("bad-request", "The header Host names no host: send that of this service."))
        length = message.headers.get("content-length", "")
        if length.isdigit() and int(length[:20]) > self.limits.body_length:
            self._fail(self._body_too_large())
        if message.headers.get("transfer-encoding", "chunked").lower() != "chunked":
            self._fail(
                Problem("not-implemented", "The body is in a coding that is not known here: send it chunked.")
            )
        version = self._parser.get_http_version()
        if version not in ("1.1", "1.0"):
            self._fail(_other_version())
        expected = version != "1.0" and message.headers.get("expect", "").lower()
        self.expects = expected == "100-continue" and self._trouble is None
        self._begun()

    def on_body(self, body: bytes) -> None:
        """Take in a piece of the body."""
        if self._trouble is not None:
            return
        self._message.body += body
        if len(self._message.body) > self.limits.body_length:
            self._fail(self._body_too_large())
        else:
            self._fail(self._hold(len(body)))

    def on_message_complete(self) -> None:
        """Hand the request on; of one that offers another protocol, the parser takes no body for its own."""
        message = self._message
        if self._trouble is not None:
            return
        if "upgrade" in message.headers and self._parser.should_upgrade():
            lengths = (
                message.headers.get("content-length", "0"),
                message.headers.get("transfer-encoding", "0"),
            )
            self._skips_body = not _NO_BODY.issuperset(lengths)
            if self._skips_body:
                return
        message.method = self._parser.get_method().decode("ascii")
        # HTTP/1.0 keeps a connection only if both sides say so, and this side does not
        message.parts = self._parser.get_http_version() != "1.0"
        message.last = self.ended = not self._parser.should_keep_alive() or not message.parts
        self._begin()
        self._completed = True
        try:
            self._whole(message)
        except Problem as problem:
            self._fail(problem)

    def _begin(self) -> None:
        """Get ready for the next request."""
        self._message = Message()
        self.headed = self.began = self._counted = self._skips_body = False
        self._arrived = 0

    def _fail(self, problem: Problem | None) -> None:
        """Note what is wrong, unless something was before."""
        if self._trouble is None:
            self._trouble = problem

    def _has_host(self) -> bool:
        """Tell whether the header Host is as it must be, and put it in its one form; HTTP/1.0 has none."""
        headers = self._message.headers
        given = headers.get("host", "")
        host = headers["host"] = host_of(given)
        return bool(host) or (not given and self._parser.get_http_version() == "1.0")

    def _hold_head(self, size: int) -> None:
        """Count *size* bytes of a head that is not complete, or all of one whose body is not."""
        message = self._message
        if self.headed:
            if not self._counted:
                self._counted = True
                self._fail(self._hold(max(0, len(message.url) + message.size - self._arrived)))
            return
        self._arrived += size
        self._fail(self._hold(size))
        if self._arrived > self.limits.head_bytes:
            self._fail(self._too_long())

    def _too_long(self) -> Problem:
        """Return the problem of a head that is too long: its address, or the headers.

        A header that has not come to its end is what arrived besides the address.
        """
        most, message = self.limits.head_bytes, self._message
        headers = max(message.size, self._arrived - len(message.url))
        if len(message.url) > headers or not message.url:
            return Problem(
                "address-too-long",
                f"The head of the request has more than {most} bytes: send the query with POST.",
            )
        return Problem(
            "head-too-large", f"The headers have more than {most} bytes: send fewer or shorter ones."
        )

    def _body_too_large(self) -> Problem:
        most = self.limits.body_length
        return Problem(
            "too-large", f"The request has more than {most} bytes, and no more are read: shorten it."
        )


def _unreadable() -> Problem:
    return Problem("bad-request", "The request is not HTTP/1.1: send it as the standard has it.")


def _other_version() -> Problem:
    return Problem("http-version", "The request is of another version of HTTP: send it as HTTP/1.1.")


def _not_implemented() -> Problem:
    return Problem("not-implemented", "No address here takes that method: OPTIONS * lists those that work.")
