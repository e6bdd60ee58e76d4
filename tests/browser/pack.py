"""Pack the scripts and style sheets of the page: ``python -m tests.browser.pack``."""

import minify

from hetao_geo import paths
from hetao_geo.webmap import theme

PACKED = paths.ASSETS / "packed"


def packed(name: str) -> str:
    """Return a packed script or style sheet with the mark of its source."""
    source, kind = (
        theme.asset(name),
        "application/javascript" if name.endswith("js") else "text/css",
    )
    minify.config({"js-version": 2018})
    return f"/* {theme.source_mark(source)} */\n{minify.string(kind, source)}\n"


def sources() -> list[str]:
    """Return the names of all scripts and style sheets."""
    found = [
        path for pattern in ("*.js", "*.css", "map/*.js") for path in paths.ASSETS.glob(pattern)
    ]
    return sorted(path.relative_to(paths.ASSETS).as_posix() for path in found)


def main() -> int:
    """Write them anew."""
    PACKED.mkdir(exist_ok=True)
    for old in PACKED.iterdir():
        old.unlink()
    for name in sources():
        target = PACKED / name.rpartition("/")[2]
        target.write_text(packed(name), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
