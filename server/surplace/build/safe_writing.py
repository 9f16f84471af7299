"""Writes so that another build, a full disk or a lost machine leaves the former release in use."""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from surplace.errors import SurplaceError

_LOCK: Final = ".lock"


def replace_text(path: Path, text: str) -> None:
    """Write a small file in one step, if it does not hold that text already."""
    if path.exists() and path.read_bytes() == text.encode():
        return
    new = path.with_name(f"{path.name}.new")
    new.write_bytes(text.encode())
    sync(new)
    new.replace(path)
    sync(path.parent)


def sync(path: Path) -> None:
    """Make sure that a file or folder is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def locked(out: Path) -> Iterator[None]:
    """Keep other builds from writing below *out* meanwhile; raises SurplaceError if one does already."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        lock = (out / _LOCK).open("w")
    except OSError as error:
        raise SurplaceError(_refused(out, error)) from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise SurplaceError(f"Another build is writing to {out}: wait until it has ended.") from None
        yield


@contextmanager
def refusals(out: Path) -> Iterator[None]:
    """Raise SurplaceError where the disk refuses."""
    try:
        yield
    except OSError as error:
        raise SurplaceError(_refused(out, error)) from None


def _refused(out: Path, error: OSError) -> str:
    """Say why the disk refused, and what to do."""
    remedies = {
        errno.ENOSPC: "free some space on the disk",
        errno.EDQUOT: "free some space on the disk",
        errno.EACCES: "choose another folder with --out, or change its permissions",
        errno.EPERM: "choose another folder with --out, or change its permissions",
        errno.EROFS: "choose another folder with --out",
        errno.ENOTDIR: "choose another folder with --out",
        errno.EEXIST: "choose another folder with --out",
    }
    remedy = remedies.get(error.errno or 0, "check the disk, or choose another folder with --out")
    reason = error.strerror or " ".join(str(error).split()) or "unknown reason"
    return f"The release cannot be written to {out} ({reason}): {remedy}; the former release stays in use."
