"""Zip files whose bytes depend on their content alone."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

# The first date that a zip file can hold.
_DATE = (1980, 1, 1, 0, 0, 0)


def write(path: Path, members: Mapping[str, bytes]) -> None:
    """Write a zip file with these members in this order.

    The members are stored, not compressed: zlib and zlib-ng give different bytes, and the
    largest archive here is smaller than a photograph.
    """
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, content in members.items():
            member = zipfile.ZipInfo(name, _DATE)
            member.create_system = 3  # Unix, wherever this runs
            member.external_attr = 0o644 << 16
            archive.writestr(member, content)
