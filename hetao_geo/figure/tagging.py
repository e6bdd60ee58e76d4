"""Make a PDF that programs can read aloud: structure, language, title, alternative text."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hetao_geo import text

if TYPE_CHECKING:
    from hetao_geo.figure.map_figure import MapFigure


def tag(path: Path, figure: MapFigure, language: str) -> None:
    """Add the structure tree to a PDF whose content `hetao_geo.figure.marks` has marked.

    ISO 32000-1, sections 14.7 and 14.8; without the package pikepdf the file stays untagged.
    """
    try:
        import pikepdf
    except ImportError:
        return
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        page, name = pdf.pages[0].obj, pikepdf.Name
        root = pdf.make_indirect(pikepdf.Dictionary(Type=name.StructTreeRoot))
        whole = pdf.make_indirect(pikepdf.Dictionary(Type=name.StructElem, S=name.Document, P=root))
        children = []
        for number, section in enumerate(figure.sheet.sections):
            element = pikepdf.Dictionary(
                Type=name.StructElem, S=name("/" + section.tag), P=whole, Pg=page, K=number
            )
            if section.text:
                element.Alt = pikepdf.String(section.text)
            children.append(pdf.make_indirect(element))
        whole.K = pikepdf.Array(children)
        root.K = whole
        numbers = pikepdf.Array([0, pikepdf.Array(children)])
        root.ParentTree = pdf.make_indirect(pikepdf.Dictionary(Nums=numbers))
        root.ParentTreeNextKey = 1
        page.StructParents = 0
        pdf.Root.StructTreeRoot = root
        pdf.Root.MarkInfo = pikepdf.Dictionary(Marked=True)
        pdf.Root.Lang = pikepdf.String(language)
        pdf.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
        with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
            metadata["dc:title"] = text.labels("figure", language)["title"]
            metadata["dc:language"] = {language}
        pdf.save(path, deterministic_id=True, compress_streams=True)
