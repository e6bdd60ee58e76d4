"""The jinja2 templates of the page, compiled once."""

from __future__ import annotations

import contextlib

from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket

from hetao_geo import paths

_COMPILED = paths.ASSETS / "__pycache__"


class _Compiled(FileSystemBytecodeCache):
    """Keeps compiled templates where Python keeps compiled modules, and does without if it cannot.

    To compile them takes a fifth of the time that the command takes beyond importing folium.
    """

    def dump_bytecode(self, bucket: Bucket) -> None:
        with contextlib.suppress(OSError):
            _COMPILED.mkdir(exist_ok=True)
            super().dump_bytecode(bucket)


def environment() -> Environment:
    """Return an environment that finds the templates among the assets."""
    return Environment(
        loader=FileSystemLoader(paths.ASSETS),
        bytecode_cache=_Compiled(str(_COMPILED)),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        # Each template is rendered once; its expressions are not worth optimising.
        optimized=False,
    )
