"""Templates as they were compiled once: kept beside the modules, as Python keeps those."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket

from surplace.http.service import program

FOLDER: Final = Path(__file__).parent / "__pycache__"


class CompiledTemplates(FileSystemBytecodeCache):
    """Compiles a template once for each state of the program; a folder that refuses costs only time."""

    def __init__(self, folder: Path = FOLDER) -> None:
        super().__init__(str(folder))

    def get_source_checksum(self, source: str) -> str:
        """Tell templates of another program apart: what its filters make of constants is compiled in."""
        return super().get_source_checksum(program() + source)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a compiled template, where Python keeps compiled modules at all."""
        if sys.dont_write_bytecode:
            return
        try:
            Path(self.directory).mkdir(exist_ok=True)
            super().dump_bytecode(bucket)
        except OSError:
            return
