"""Base maps that the reader of the page may choose; none is asked for before that.

Each belongs to a provider, and the provider's datum comes with it: a map in GCJ-02 or BD-09 is
moved under the WGS 84 data by the script of the page, wherever one looks. A template in BD-09
means a pyramid of Web Mercator tiles drawn in BD-09 coordinates. Baidu's own tiles are cut in
another projection and cannot be used.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from hetao_geo import datum, files, text
from hetao_geo.errors import UsageError
from hetao_geo.webmap import credit as credit_text
from hetao_geo.webmap import tile_address
from hetao_geo.webmap.basemap_model import Basemap as Basemap

_TABLE = Path(__file__).with_name("basemaps.toml")
# What stands for {s} where nothing else is said, as in Leaflet.
_SUBDOMAINS = ["a", "b", "c"]


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(files.read_text(_TABLE))


def known() -> tuple[str, ...]:
    """Return the base maps that can be chosen by name.

    Examples
    --------
    >>> known()
    ('openstreetmap', 'hong-kong-lands-department', 'tianditu')
    """
    return tuple(_table())


def named(name: str, *, key: str | None = None) -> Basemap:
    """Return a base map by name.

    Parameters
    ----------
    name : str
        One of `known`.
    key : str, optional
        The reader's own key, where the provider wants one (Tianditu).

    Raises
    ------
    UsageError
        An unknown name, or a key that is missing or malformed.
    """
    if name not in _table():
        raise UsageError(
            "unknown base map",
            where="--tiles",
            expected=f"an address template or one of {', '.join(known())}",
            found=repr(name),
        )
    row = _table()[name]
    secret = any("{key}" in template for template in row["templates"])
    if secret and not re.fullmatch(r"[0-9A-Za-z_-]{8,128}", key or ""):
        raise UsageError(
            f"the base map {name} needs your own key",
            where="--tiles-key",
            expected="8 to 128 letters and digits",
            found="none" if not key else f"{len(key)} characters that are not only those",
            hint="give --tiles-key KEY or set HETAO_GEO_TILES_KEY",
        )
    templates = tuple(template.replace("{key}", key or "") for template in row["templates"])
    return Basemap(
        names=row["names"],
        templates=templates,
        credit=row["credit"],
        datum=datum.provider(name, "hong-kong").datum,
        max_zoom=row["max_zoom"],
        link=row["link"],
        logo=row.get("logo"),
        referer=row.get("referer", False),
        languages=row.get("languages"),
        secret=secret,
    )


def custom(
    template: str,
    attribution: str,
    datum_name: str = "wgs84",
    *,
    subdomains: Sequence[str] = _SUBDOMAINS,
) -> Basemap:
    """Return a base map of one's own.

    Parameters
    ----------
    template : str
        Address with ``{z}``, ``{x}`` and ``{y}`` of the Web Mercator pyramid; ``{-y}`` counts
        rows from the south, ``{s}`` stands for a subdomain and ``{r}`` for ``@2x`` on fine screens.
    attribution : str
        The credit that the provider wants; of HTML, the text is shown and the first link kept.
    datum_name : {"wgs84", "gcj02", "bd09"}
        The datum in which the provider draws its tiles.
    subdomains : sequence of str, optional
        What stands for ``{s}``.

    Raises
    ------
    UsageError
        A template or datum that cannot be used, or no credit.

    Examples
    --------
    >>> amap = custom("https://tiles.example.org/{z}/{x}/{y}.png", "© Example", "gcj02")
    >>> amap.names["en"], amap.datum
    ('Example', 'gcj02')
    """
    if datum_name not in datum.NAMES:
        raise UsageError(
            "unknown datum",
            where="--tiles-datum",
            expected=f"one of {', '.join(datum.NAMES)}",
            found=repr(datum_name),
        )
    host = tile_address.host(template)
    words, link = credit_text.plain(attribution)
    if not words:
        raise _no_attribution(f"none for {host}")
    chosen = Basemap(
        names=dict.fromkeys(text.LANGUAGES, credit_text.name(words) or host),
        templates=(template,),
        credit=dict.fromkeys(text.LANGUAGES, words),
        datum=datum_name,
        link=link,
        secret=tile_address.has_key(template),
        subdomains=tuple(subdomains) if "{s}" in template else (),
    )
    assert chosen.origins  # raises where no policy can name one
    return chosen


def choose(
    tiles: Sequence[str],
    attributions: Sequence[str] = (),
    datums: Sequence[str] = (),
    *,
    subdomains: Sequence[str] = (),
    key: str | None = None,
) -> tuple[Basemap, ...]:
    """Return the base maps for names and templates.

    Parameters
    ----------
    tiles : sequence of str
        Names (see `known`) and address templates.
    attributions, datums : sequence of str
        One for each template, in their order; no datum at all means WGS 84 for each.
    subdomains : sequence of str
        Such as ``"01,02,03,04"``, one for each template with ``{s}`` in their order; none at all
        means a, b and c.
    key : str, optional
        For a named base map that needs one.

    Raises
    ------
    UsageError
        See `named` and `custom`, or lists of unequal length.
    """
    templates = [one for one in tiles if one not in known()]
    for template in templates:
        if not re.search(r"[:/{]", template):
            named(template)
        tile_address.host(template)
    if len(attributions) != len(templates):
        raise _no_attribution(f"{len(attributions)} for {len(templates)} templates")
    varying = [template for template in templates if "{s}" in template]
    _check_number("datums", datums, templates, "--tiles-datum")
    _check_number("subdomains", subdomains, varying, "--tiles-subdomains")
    texts, systems = iter(attributions), iter(datums or ["wgs84"] * len(templates))
    parts = iter([one.split(",") for one in subdomains] or [_SUBDOMAINS] * len(varying))
    return tuple(
        named(one, key=key)
        if one in known()
        else custom(
            one,
            next(texts),
            next(systems),
            subdomains=next(parts) if "{s}" in one else _SUBDOMAINS,
        )
        for one in tiles
    )


def _check_number(what: str, given: Sequence[str], templates: Sequence[str], option: str) -> None:
    if given and len(given) != len(templates):
        raise UsageError(
            f"the {what} do not match the templates",
            where=option,
            expected=f"{len(templates)}, one after each template",
            found=str(len(given)),
            hint=f"repeat {option} in the order of --tiles",
        )


def check_output(basemaps: Sequence[Basemap], output: Path) -> None:
    """Raise `UsageError` if a page with somebody's key would be written into a git work tree."""
    if not any(one.secret for one in basemaps):
        return
    home = output.resolve().parent
    for folder in (home, *home.parents):
        if (folder / ".git").exists():
            raise UsageError(
                "the page would hold your key inside a git work tree",
                where=str(output),
                expected="a file that cannot be committed",
                found=f"the repository {folder}",
                hint="choose an --output outside of it",
            )


def _no_attribution(found: str) -> UsageError:
    return UsageError(
        "a base map without attribution",
        where="--tiles-attribution",
        expected="the credit that the provider wants, one for each template in order",
        found=found,
        hint="add --tiles-attribution TEXT after each --tiles URL_TEMPLATE",
    )
