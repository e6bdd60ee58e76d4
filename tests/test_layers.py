"""A module uses the layers below it, never a neighbour sideways and nothing above."""

import ast
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent / "hetao_geo"
LAYERS = [
    {"text", "style", "crs", "datum"},
    {"catalog", "plan", "area", "geojson", "ntv2"},
    {"reading", "outlines"},
    {"verification", "checking", "location", "comparison"},
    {"cartography"},
    {"report", "webmap", "figure", "formats"},
    {"cli"},
]
BASE = {"errors", "paths", "files", "__version__"}
LAYER = {package: layer for layer, packages in enumerate(LAYERS) for package in packages}


def package_of(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def imported_packages(path: Path) -> set[str]:
    packages = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "hetao_geo":
            packages |= {alias.name for alias in node.names}
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        names += [a.name for a in node.names] if isinstance(node, ast.Import) else []
        packages |= {n.split(".")[1] for n in names if n.startswith("hetao_geo.")}
    return packages - BASE - {package_of(path)}


def test_imports_only_go_down() -> None:
    wrong = []
    for path in sorted(PACKAGE.rglob("*.py")):
        package = package_of(path)
        if package in BASE | {"__init__", "__main__"}:
            continue
        for other in sorted(imported_packages(path)):
            if LAYER[other] >= LAYER[package]:
                wrong.append(
                    f"{package} (layer {LAYER[package]}) imports {other} (layer {LAYER[other]})"
                )
    assert not wrong, "; ".join(wrong)
