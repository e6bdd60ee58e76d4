"""Base maps that the reader of the page may choose; none is asked for before that.

Each belongs to a provider, and the provider's datum comes with it: a map in GCJ-02 or BD-09 is
moved under the WGS 84 data by the script of the page, wherever one looks. A template in BD-09
means a pyramid of Web Mercator tiles drawn in BD-09 coordinates. Baidu's own tiles are cut in
another projection and cannot be used.
"""

from __future__ import annotations

import html
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from hetao_geo import datum, files, text
from hetao_geo.errors import UsageError
from hetao_geo.webmap import tile_address

_TABLE = Path(__file__).with_name("basemaps.toml")
# Deepest level that most providers have; the page enlarges it beyond.
_MAX_ZOOM = 18
# Characters that one line of the legend holds.
_LONGEST_NAME = 32


@dataclass(frozen=True)
class Basemap:
    """One base map as a choice on the page."""

    names: Mapping[str, str]
    """Name by language."""
    templates: tuple[str, ...]
    """Address templates with ``{z}``, ``{x}``, ``{y}``, drawn in this order."""
    credit: Mapping[str, str]
    """Plain text that credits the provider, by language."""
    datum: str
    """Datum of the tiles: one of `hetao_geo.datum.NAMES`."""
    max_zoom: int = _MAX_ZOOM
    """Deepest level that the provider has."""
    link: str | None = None
    """Address behind the credit."""
    logo: str | None = None
    """Address of an image that the provider wants beside the credit."""
    referer: bool = False
    """Whether the provider refuses requests that do not say from which site they come."""
    languages: Mapping[str, str] | None = None
    """What ``{language}`` in a template means, by language of the page."""
    secret: bool = False
    """Whether an address holds somebody's key."""

    @property
    def urls(self) -> tuple[str, ...]:
        """Every address that the page may ask for."""
        return (*self.templates, *([self.logo] if self.logo else []))

    def document(self) -> dict[str, Any]:
        """Return what the script of the page needs, as JSON members."""
        rows = {
            "names": dict(self.names),
            "templates": list(self.templates),
            "credit": dict(self.credit),
            "datum": self.datum,
            "maxZoom": self.max_zoom,
            "link": self.link,
            "logo": self.logo,
            "referer": self.referer,
            "languages": dict(self.languages) if self.languages else None,
        }
        return {key: value for key, value in rows.items() if value not in (None, False)}


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


def custom(template: str, attribution: str, datum_name: str = "wgs84") -> Basemap:
    """Return a base map of one's own.

    Parameters
    ----------
    template : str
        Address with ``{z}``, ``{x}`` and ``{y}`` of the Web Mercator pyramid; ``{s}`` stands for
        the subdomains a, b, c and ``{r}`` for ``@2x`` on fine screens.
    attribution : str
        The credit that the provider wants; shown as text, whatever it holds.
    datum_name : {"wgs84", "gcj02", "bd09"}
        The datum in which the provider draws its tiles.

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
    if not attribution.strip():
        raise _no_attribution(f"none for {host}")
    return Basemap(
        names=dict.fromkeys(text.LANGUAGES, _name(attribution) or host),
        templates=(template,),
        credit=dict.fromkeys(text.LANGUAGES, " ".join(attribution.split())),
        datum=datum_name,
        secret=tile_address.has_key(template),
    )


def choose(
    tiles: Sequence[str],
    attributions: Sequence[str] = (),
    datums: Sequence[str] = (),
    key: str | None = None,
) -> tuple[Basemap, ...]:
    """Return the base maps for names and templates.

    Parameters
    ----------
    tiles : sequence of str
        Names (see `known`) and address templates.
    attributions, datums : sequence of str
        One for each template, in their order; no datum at all means WGS 84 for each.
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
    if datums and len(datums) != len(templates):
        raise UsageError(
            "the datums do not match the templates",
            where="--tiles-datum",
            expected=f"{len(templates)}, one after each template",
            found=str(len(datums)),
            hint="repeat --tiles-datum in the order of --tiles",
        )
    texts, systems = iter(attributions), iter(datums or ["wgs84"] * len(templates))
    return tuple(
        named(one, key=key) if one in known() else custom(one, next(texts), next(systems))
        for one in tiles
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


def _name(attribution: str) -> str:
    # The plain words of a credit such as "&copy; <a href='...'>Example</a> 2024, CC BY": enough
    # to tell one base map from another.
    words = html.unescape(re.sub(r"<[^>]*>", " ", attribution))
    first = re.split(r"[|,;，；、\n]", re.sub(r"©|\(c\)|\bcopyright\b", " ", words, flags=re.I))
    found = next((" ".join(part.split()) for part in first if part.strip()), "")
    return found if len(found) <= _LONGEST_NAME else f"{found[: _LONGEST_NAME - 1].rstrip()}…"


def _no_attribution(found: str) -> UsageError:
    return UsageError(
        "a base map without attribution",
        where="--tiles-attribution",
        expected="the credit that the provider wants, one for each template in order",
        found=found,
        hint="add --tiles-attribution TEXT after each --tiles URL_TEMPLATE",
    )
