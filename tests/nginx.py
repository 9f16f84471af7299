"""Runs nginx with the configuration that is shipped, on a free port, before services that run already."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

SHIPPED = Path(__file__).parents[1] / "server/nginx.conf"
REQUIRED = "SURPLACE_REQUIRE_NGINX"
"""Set where tests must not be skipped for want of nginx."""
_MISSING = "nginx is not here: apt-get install nginx-light"
_AROUND = """\
daemon off;
master_process off;
pid {folder}/pid;
error_log {folder}/error.log;
events {{ worker_connections 512; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


def program() -> str:
    """Return the path of nginx; without it the test is skipped, or fails where it is required."""
    found = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
    if found is None and os.environ.get(REQUIRED) == "1":
        pytest.fail(_MISSING)
    return found or pytest.skip(_MISSING)


@contextmanager
def nginx(folder: Path, services: Sequence[str], changes: Sequence[tuple[str, str]] = ()) -> Iterator[str]:
    """Run nginx before *services*, addresses without a path; yield the address of the first page.

    *changes* are made to the configuration besides those of the ports.
    """
    path = program()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    servers = " ".join(f"server {urlsplit(service).netloc};" for service in services)
    text = SHIPPED.read_text(encoding="utf-8")
    ports = (("listen 80;", f"listen 127.0.0.1:{port};"), ("server 127.0.0.1:8000;", servers))
    for old, new in (*ports, *changes):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    folder.mkdir(exist_ok=True)
    (folder / "site.conf").write_text(text, encoding="utf-8")
    (folder / "nginx.conf").write_text(_AROUND.format(folder=folder), encoding="utf-8")
    log = folder / "error.log"
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen(
            [path, "-e", str(log), "-c", str(folder / "nginx.conf")], stdout=output, stderr=output
        )
    try:
        _wait(process, port, log)
        yield f"http://127.0.0.1:{port}/kg/"
    finally:
        process.terminate()
        process.wait(20)


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    for _ in range(200):
        with socket.socket() as trial:
            if trial.connect_ex(("127.0.0.1", port)) == 0:
                return
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise AssertionError(f"nginx did not start: {log.read_text() if log.exists() else ''}")
