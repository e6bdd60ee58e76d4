"""Where ``geodata/`` and ``assets/`` are: inside an installed wheel, else the checkout."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
ASSETS = PACKAGE / "assets"

# A wheel carries geodata inside the package; a checkout (or an editable install) beside it.
_INSTALLED = PACKAGE / "geodata"
GEODATA = _INSTALLED if _INSTALLED.is_dir() else PACKAGE.parent / "geodata"
