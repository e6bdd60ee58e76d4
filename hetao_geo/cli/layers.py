"""List the layers: what there is, how many features, how exact, under which licence."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from hetao_geo import catalog
from hetao_geo.errors import UsageError

EXAMPLES = """\
examples:
  hetao-geo layers                  a table
  hetao-geo layers --format json    for programs
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``hetao-geo layers``."""
    parser.add_argument(
        "--format", metavar="FORMAT", default="text", help="text or json (default: text)"
    )


def run(args: argparse.Namespace) -> int:
    """Carry out ``hetao-geo layers``; return the exit status."""
    forms = {"text": _table, "json": _json}
    if args.format not in forms:
        raise UsageError("unknown format", expected="text or json", found=repr(args.format))
    sys.stdout.write(forms[args.format]([_row(layer) for layer in catalog.layers()]))
    return 0


def _row(layer: catalog.Layer) -> dict[str, Any]:
    return {
        "layer": layer.name,
        "features": layer.feature_count,
        "geometry": layer.geometry_type,
        "accuracy_m": layer.accuracy_m,
        "licence": layer.licence,
        "title": layer.title["en"],
    }


def _json(rows: list[dict[str, Any]]) -> str:
    return json.dumps(rows, ensure_ascii=False, indent=2) + "\n"


def _table(rows: list[dict[str, Any]]) -> str:
    cells = [list(rows[0]), *([str(value) for value in row.values()] for row in rows)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(cells[0]))]
    lines = ["  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)) for row in cells]
    return "\n".join(line.rstrip() for line in lines) + "\n"
