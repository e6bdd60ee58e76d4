"""The encoding of text is told from its bytes, in one place for every reader."""

from pathlib import Path

import pytest

from hetao_geo import reading
from hetao_geo.errors import UsageError
from hetao_geo.reading import encoding

SIMPLE = "企业,经度,纬度\n测试,114,22\n"
TRADITIONAL = "公司,經度,緯度\n測試,114,22\n"


@pytest.mark.parametrize("name", ["utf-8", "utf-8-sig", "utf-16", "gbk", "gb18030", "big5"])
def test_chinese_tables_are_told(name: str) -> None:
    text = TRADITIONAL if name == "big5" else SIMPLE
    start = text.encode(name)
    assert start.decode(encoding.detect(start)).lstrip("\ufeff") == text


def test_text_of_europe_is_not_taken_for_chinese() -> None:
    text = "Straße,Größe,Café\nZürich,\u20ac 5,déjà vu\n"
    assert text.encode("cp1252").decode(encoding.detect(text.encode("cp1252"))) == text


def test_a_cut_within_a_character_changes_nothing() -> None:
    for name in ("utf-8", "gbk"):
        start = (SIMPLE * 30).encode(name)[:-15]
        assert encoding.detect(start) == encoding.detect(SIMPLE.encode(name))


def test_tables_of_polygons_are_read_in_any_of_them(tmp_path: Path) -> None:
    ring = "POLYGON((114.05 22.51,114.06 22.51,114.06 22.52,114.05 22.51))"
    for name in ("utf-8", "utf-16", "gbk"):
        path = tmp_path / f"{name}.csv"
        path.write_text(f'名称,geom\n福田,"{ring}"\n', name)
        source = reading.open_file(path)
        (batch,) = source.batches()
        assert batch.columns["名称"].tolist() == ["福田"]
        assert any("gb18030" in text for text in source.warnings) == (name == "gbk")
    with pytest.raises(UsageError, match="unknown encoding"):
        reading.open_file(path, encoding="nonsense")
