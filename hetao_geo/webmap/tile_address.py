"""Address templates of tiles: whether the page can use one, and what it gives away."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import SplitResult, parse_qsl, urlsplit

from hetao_geo.errors import UsageError

_NEEDED = (("{z}",), ("{x}",), ("{y}", "{-y}"))
_KNOWN = ("{x}", "{y}", "{-y}", "{z}", "{s}", "{r}")
# What the grammar of a Content-Security-Policy takes as the host of a source (CSP Level 3, 2.3.1).
_SOURCE = re.compile(r"https?://[a-z0-9-]+(\.[a-z0-9-]+)*(:[0-9]+)?", re.IGNORECASE)
# Tiles of these hosts are cut in Baidu's own Mercator, with the origin on the equator.
_BAIDU = (".bdimg.com", ".bdstatic.com", ".map.baidu.com")
_SECRETS = {"key", "tk", "ak", "token", "access_token", "apikey", "api_key", "subscription-key"}


def host(template: str) -> str:
    """Return the host of a template, or raise `UsageError` if the page could not use it.

    Examples
    --------
    >>> host("https://{s}.tile.example.org/{z}/{x}/{y}.png")
    'tile.example.org'
    """
    address = _split(template)
    if address is None or address.scheme not in ("http", "https") or not address.hostname:
        raise _unusable(template, "an address that begins with https:// or http:// and a host")
    missing = [parts[0] for parts in _NEEDED if not any(part in template for part in parts)]
    if missing:
        raise _unusable(template, "{z}, {x} and {y} in it", f"no {' and no '.join(missing)}")
    unknown = sorted(set(re.findall(r"\{[^{}]*\}", template)) - set(_KNOWN))
    if unknown or re.search(r"[^!#-&(-;=?-\[\]-~]", template):
        found = ", ".join(unknown) or "a character that no address has"
        raise _unusable(template, f"only {', '.join(_KNOWN)} as places to fill", found)
    if f".{address.hostname}".endswith(_BAIDU):
        raise _unusable(template, "Web Mercator tiles", "Baidu's own grid of tiles")
    return re.sub(r"^0\.", "", address.hostname)


def origins(template: str, subdomains: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the origins that a template asks, one for each subdomain.

    Parameters
    ----------
    template : str
        An address; ``{s}`` stands for a subdomain or a part of one.
    subdomains : sequence of str
        What stands for ``{s}``.

    Raises
    ------
    UsageError
        An origin that no Content-Security-Policy can name.

    Examples
    --------
    >>> origins("https://wprd{s}.example.org/{z}/{x}/{y}", ["01", "02"])
    ('https://wprd01.example.org', 'https://wprd02.example.org')
    """
    start = re.match(r"[^/]*//[^/?#]*", template)
    whole = start[0] if start else template
    filled = dict.fromkeys(whole.replace("{s}", name) for name in subdomains or [""])
    for address in filled:
        if not _SOURCE.fullmatch(address):
            expected = "a host of letters, digits, hyphens and dots, with {s} alone to fill"
            raise _unusable(template, expected, repr(address))
    return tuple(filled)


def _unusable(template: str, expected: str, found: str | None = None) -> UsageError:
    return UsageError(
        "unusable template of a base map",
        where="--tiles",
        expected=expected,
        found=found or repr(template),
        hint="such as https://tiles.example.org/{z}/{x}/{y}.png",
    )


def has_key(template: str) -> bool:
    """Return whether an address seems to hold somebody's key.

    Examples
    --------
    >>> has_key("https://tiles.example.org/{z}/{x}/{y}.png?token=abc")
    True
    """
    address = _split(template)
    return address is not None and bool(
        _SECRETS & {name.lower() for name, _ in parse_qsl(address.query)}
    )


def _split(template: str) -> SplitResult | None:
    try:
        parts = urlsplit(re.sub(r"\{[^{}]*\}", "0", template))
        return parts if parts.port is None or parts.port else None
    except ValueError:  # a port that is none, or a bracket that opens and never closes
        return None
