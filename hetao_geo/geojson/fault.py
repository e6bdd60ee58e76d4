"""A fault of a file: what is wrong, where, what was expected and found, how to repair it."""

from __future__ import annotations

import json
import tomllib
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from hetao_geo import files, paths
from hetao_geo.text import printable

# A file of a million faults is understood from its first thousand of each kind.
MOST_OF_A_KIND = 1000


@dataclass(frozen=True)
class Rule:
    """One thing that can be wrong."""

    severity: str
    """``fatal`` (the file cannot be read at all), ``error`` or ``warning``."""
    what: str
    """The fault as a short sentence."""
    hint: str
    """How to repair it."""


@cache
def rules() -> dict[str, Rule]:
    """Return every rule by its code, from ``rules.toml``."""
    table = tomllib.loads(files.read_text(paths.PACKAGE / "geojson" / "rules.toml"))
    return {code: Rule(**row) for code, row in table.items()}


@dataclass(frozen=True)
class Fault:
    """One fault of a file."""

    code: str
    """Key of `rules`."""
    severity: str
    """``error`` or ``warning``."""
    expected: str | None = None
    """What would have been right."""
    found: str | None = None
    """What was there."""
    hint: str | None = None
    """What to do about it."""
    feature: int | None = None
    """Index of the feature from 0; None where the fault is the file's."""
    path: str | None = None
    """JSONPath of the member or position; in other formats the layer and row."""
    line: int | None = None
    """Line from 1, where the text is not JSON."""
    column: int | None = None
    """Column from 1, in characters."""

    @property
    def what(self) -> str:
        """The fault as a short sentence."""
        return rules()[self.code].what

    def as_dict(self) -> dict[str, Any]:
        """Return the members as a JSON object."""
        return asdict(self)


class Faults(list[Fault]):
    """The faults found so far; beyond `MOST_OF_A_KIND` of one code they are only counted."""

    def __init__(self) -> None:
        super().__init__()
        self.counts: dict[str, int] = {}

    def add(
        self,
        code: str,
        path: str | None = None,
        *,
        feature: int | None = None,
        expected: str | None = None,
        found: str | None = None,
        hint: str | None = None,
        line: int | None = None,
        column: int | None = None,
    ) -> None:
        """Note one fault; severity and (where none is given) `hint` come from `rules`."""
        rule = rules()[code]
        self.counts[code] = self.counts.get(code, 0) + 1
        if self.counts[code] > MOST_OF_A_KIND:
            return
        severity = "warning" if rule.severity == "warning" else "error"
        self.append(
            Fault(code, severity, expected, found, hint or rule.hint, feature, path, line, column)
        )

    @property
    def fatal(self) -> bool:
        """Whether the file cannot be read at all, or is not JSON."""
        return any(rules()[code].severity == "fatal" for code in self.counts)

    @property
    def omitted(self) -> int:
        """How many faults were only counted."""
        return sum(self.counts.values()) - len(self)


def show(value: Any) -> str:
    """Return a JSON value as short text that is safe to print.

    Examples
    --------
    >>> show([1, "a"]), show({"b": 1}), show(None)
    ('an array of 2', 'an object', 'null')
    """
    if isinstance(value, list):
        return f"an array of {len(value)}"
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, str):
        return printable(json.dumps(value[:60] + "..." * (len(value) > 60), ensure_ascii=False))
    return str(value) if isinstance(value, float) else json.dumps(value, default=str)[:60]


def safe_json(value: Any) -> str:
    """Return indented JSON in which no character can command a terminal."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    return "\n".join(printable(line) for line in text.split("\n"))
