"""What somebody adds to the map with folium, as pieces of the page and their policy."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from markupsafe import Markup

from hetao_geo.webmap.policy import Policy, digest, origin

# String and template literals of JavaScript.
_LITERAL = re.compile(
    r'"((?:\\.|[^"\\\n])*)"|' r"'((?:\\.|[^'\\\n])*)'|" r"`((?:\\.|[^`\\])*)`", re.DOTALL
)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.DOTALL)
_PLAIN = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": ""}
# A file that folium's own page always loads -> what in other people's pieces needs it.
_NEEDS = {
    "jquery": re.compile(r"jquery|\$\.|\$\((?!`|document\)|function)", re.IGNORECASE),
    "glyphicons_css": re.compile(r"\bglyphicon\b"),
    "awesome_markers_font_css": re.compile(r"\"prefix\": \"fa\"|\bfa[bsr]? fa-|iconShape"),
}
_JQUERY = re.compile(r"/jquery(-[\d.]+)?(\.slim)?(\.min)?\.js", re.IGNORECASE)
# What plugins do without saying so: part of an address -> what must be allowed for it.
_PLUGINS = {
    # Makes functions from text, and hides its panels by an attribute.
    "leaflet-measure": Policy(scripts=["'unsafe-eval'"], attributes=[digest("display:none;")]),
    "/vega": Policy(scripts=["'unsafe-eval'"]),
    # Its style sheet takes a font from another host than its own.
    "leaflet.timedimension": Policy(fonts=["https://netdna.bootstrapcdn.com"]),
}


@dataclass(frozen=True)
class Additions:
    """Pieces of the page that are not ours."""

    head: str = ""
    """Markup for the head: scripts and style sheets of plugins."""
    body: str = ""
    """Markup above the map."""
    scripts: tuple[str, ...] = ()
    """Scripts, each run by itself: an error in one does not stop the next."""
    policy: Policy = field(default_factory=Policy)
    """What all that may run and load."""
    refused: tuple[str, ...] = ()
    """What no policy allows, in words."""
    any: bool = False
    """Whether there is anything at all."""


NOTHING = Additions()


def collect(head: str, body: str, scripts: Iterable[str], addresses: Iterable[str]) -> Additions:
    """Return the pieces with the policy that they need.

    Parameters
    ----------
    head, body : str
        Markup.
    scripts : iterable of str
        JavaScript, one text for each script element.
    addresses : iterable of str
        Addresses of images, tiles, videos and data that the scripts load.
    """
    from hetao_geo.webmap.markup import Scan  # only pages with additions pay for a parser

    scripts = tuple(map(_lines, scripts))
    scans = [Scan(head), Scan(body)]
    scans += [Scan(text, dynamic=True) for script in scripts for text in _markup(script)]
    policy = Policy(scripts=list(map(digest, scripts)))
    for name, needs in _PLUGINS.items():
        if name in head:
            policy += needs
    for url in addresses:
        policy += _loading(url)
    for scan in scans:
        policy += scan.policy
    refused = dict.fromkeys(reason for scan in scans for reason in scan.refused)
    return Additions(
        head=Markup(head),
        body=Markup(body),
        scripts=tuple(map(Markup, scripts)),
        policy=policy,
        refused=tuple(refused),
        any=True,
    )


def needed(pieces: str, files: Mapping[str, str]) -> Iterator[str]:
    """Yield markup for those of folium's own files that somebody's pieces need.

    Parameters
    ----------
    pieces : str
        Markup and scripts.
    files : mapping
        Address by folium's name of the file.
    """
    for name, pattern in _NEEDS.items():
        if name not in files or not pattern.search(pieces):
            continue
        if name != "jquery":
            yield f'<link rel="stylesheet" href="{files[name]}">'
        elif not _JQUERY.search(pieces):
            yield f'<script src="{files[name]}"></script>'


def _loading(url: str) -> Policy:
    # What an address of a folium element means, folium does not say: a picture, a video, or data.
    source = origin(url)
    return Policy(images=[source], media=[source], connections=[source])


def _markup(script: str) -> Iterable[str]:
    # The literals of a script that hold markup: contents of popups, tooltips and icons.
    for match in _LITERAL.finditer(script):
        text = _ESCAPE.sub(_unescaped, next(group for group in match.groups() if group is not None))
        if re.search(r"<[a-zA-Z]", text):
            yield text


def _unescaped(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    return chr(int(code, 16)) if code else _PLAIN.get(match[3], match[3])


def _lines(script: str) -> str:
    # As an HTML parser reads line ends; a hash is over exact characters.
    return script.replace("\r\n", "\n").replace("\r", "\n")
