"""A style of one's own: any part of style.toml; what no style has is refused, all of it at once."""

import re
from pathlib import Path

import pytest

from hetao_geo import style
from hetao_geo.cli import main
from hetao_geo.errors import DataError
from hetao_geo.webmap import build_map


@pytest.fixture
def write(tmp_path: Path):
    def writing(content: str) -> Path:
        path = tmp_path / "style.toml"
        path.write_text(content, encoding="utf-8")
        return path

    return writing


def variables(page: str) -> dict[str, str]:
    """The CSS variables of the light scheme."""
    root = re.search(r":root\{--[^}]*", page)[0]
    return dict(re.findall(r"--([a-z0-9-]+):(#[0-9a-fA-F]{6})", root))


def test_part_of_a_style_changes_that_part_alone(write) -> None:
    path = write(
        """
        [role.hong-kong-park]
        stroke = "#123456"
        dash = [3, 2]
        [dark.role.hong-kong-park]
        stroke = "#abcdef"
        [ground]
        water = "#0a0b0c"
        """
    )
    before, after = (
        variables(build_map(style=chosen).get_root().render()) for chosen in (None, path)
    )
    changed = {name for name in after if before.get(name) != after[name]}
    assert changed == {"hong-kong-park-stroke", "water"}
    sheet = style.packaged().changed(path)
    assert sheet.role("hong-kong-park").dash == (3, 2)
    assert sheet.role("hong-kong-park", "dark").stroke == "#abcdef"
    assert style.role("hong-kong-park").stroke != "#123456", "the package's own stays"


def test_every_fault_is_named_at_once_and_nothing_is_written(write, tmp_path, capsys) -> None:
    path = write(
        """
        colour = "#112233"
        [ground]
        watr = "#112233"
        land = "blue"
        [role.hong-kong-park]
        stroke = "#12345"
        width = "wide"
        fill_opacity = 2
        blink = true
        [role.nobody]
        fill = "#112233"
        [print.role.hong-kong-park]
        text = 7
        """
    )
    output = tmp_path / "map.html"
    assert main(["map", "-o", str(output), "--style", str(path)]) == 2
    message = capsys.readouterr().err
    assert message.count("\n") == 1 and not output.exists()
    for fault in (
        "unknown key colour",
        "unknown key ground.watr",
        "ground.land = 'blue'",
        "role.hong-kong-park.stroke = '#12345'",
        "role.hong-kong-park.width = 'wide'",
        "role.hong-kong-park.fill_opacity = 2",
        "unknown key role.hong-kong-park.blink",
        "unknown key role.nobody",
        "print.role.hong-kong-park.text = 7",
    ):
        assert fault in message, fault


@pytest.mark.parametrize("content", ["[ground", "ground = 3", "role = []", 'stroke = "</style>"'])
def test_what_is_no_style_is_refused(write, content: str) -> None:
    with pytest.raises(DataError):
        build_map(style=write(content))


def test_missing_file() -> None:
    with pytest.raises(DataError, match=r"none\.toml"):
        build_map(style="none.toml")


def test_the_style_of_the_package_is_a_style() -> None:
    path = Path(style.__file__).with_name("style.toml")
    assert style.packaged().changed(path).roles() == style.roles()


def test_title_of_the_author_is_text_in_every_language() -> None:
    page = build_map(title="Plan </title> B & C").get_root().render()
    assert "<title>Plan &lt;/title&gt; B &amp; C</title>" in page
    assert "<h1>Plan &lt;/title&gt; B &amp; C</h1>" in page
    assert page.count("Plan \\u003c/title\\u003e B \\u0026 C") == 3
