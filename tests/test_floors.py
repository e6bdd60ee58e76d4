"""A module uses the floors below it, never a neighbour sideways and nothing above."""

import ast
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent / "hetao_geo"
FLOORS = [
    {"text", "style", "crs", "datum"},
    {"catalog", "plan", "area", "geojson", "ntv2"},
    {"verification", "intake"},
    {"report", "webmap", "figure", "formats"},
    {"cli"},
]
STONES = {"errors", "paths", "files", "__version__"}
FLOOR = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def imported_rooms(path: Path) -> set[str]:
    rooms = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "hetao_geo":
            rooms |= {alias.name for alias in node.names}
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        names += [a.name for a in node.names] if isinstance(node, ast.Import) else []
        rooms |= {n.split(".")[1] for n in names if n.startswith("hetao_geo.")}
    return rooms - STONES - {room_of(path)}


def test_imports_only_go_down() -> None:
    wrong = []
    for path in sorted(PACKAGE.rglob("*.py")):
        room = room_of(path)
        if room in STONES | {"__init__", "__main__"}:
            continue
        for other in sorted(imported_rooms(path)):
            if FLOOR[other] >= FLOOR[room]:
                wrong.append(f"{room} (floor {FLOOR[room]}) imports {other} (floor {FLOOR[other]})")
    assert not wrong, "; ".join(wrong)
