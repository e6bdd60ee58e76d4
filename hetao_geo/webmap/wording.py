"""Words by language for the page: entries of ``labels.toml``, areas."""

from __future__ import annotations

from collections.abc import Mapping

from hetao_geo import text

Words = Mapping[str, str]
"""The same words by language."""


def words(section: str, key: str, **values: Words | str) -> dict[str, str]:
    """Return one entry of ``labels.toml`` by language, with ``{name}`` filled from `values`."""
    filled = {}
    for code in text.LANGUAGES:
        line = text.labels(section, code)[key]
        for name, value in values.items():
            line = line.replace(f"{{{name}}}", value if isinstance(value, str) else value[code])
        filled[code] = line
    return filled


def area(km2: float) -> dict[str, str]:
    """Return an area in square kilometres as each language writes it."""
    number = text.number(km2, 2)
    return {"en": f"{number} km²", "zh-Hans": f"{number}平方公里", "zh-Hant": f"{number}平方公里"}


def hectares(km2: float) -> dict[str, str]:
    """Return an area given in square kilometres in hectares."""
    number = text.number(100 * km2, 0)
    return {"en": f"{number} ha", "zh-Hans": f"{number}公顷", "zh-Hant": f"{number}公頃"}
