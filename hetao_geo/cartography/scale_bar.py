"""The scale of a map, as a bar and as a number."""

from __future__ import annotations

import math

from hetao_geo import text


def bar_length(most: float) -> float:
    """Return the longest round length of 1, 2 or 5 times a power of ten that is not over `most`.

    Examples
    --------
    >>> bar_length(1770), bar_length(260)
    (1000.0, 200.0)
    """
    power = 10.0 ** math.floor(math.log10(most))
    return max(n * power for n in (1, 2, 5) if n * power <= most)


def length_text(metres: float) -> str:
    """Write a length in metres or kilometres.

    Examples
    --------
    >>> length_text(500), length_text(2000)
    ('500 m', '2 km')
    """
    return f"{metres:g} m" if metres < 1000 else f"{metres / 1000:g} km"


def ratio(scale: float) -> str:
    """Write a scale as a ratio, thousands apart by a no-break space.

    Examples
    --------
    >>> ratio(45000).replace(chr(160), " ")
    '1:45 000'
    """
    return f"1:{text.number(round(scale), 0).replace(',', chr(160))}"
