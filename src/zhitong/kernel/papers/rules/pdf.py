"""PDF from a Word file, with Typst: the tree of the file as data, drawn by one page program."""

import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from .layout import Tree, layout
from .zipping import parts_of

PROGRAM = Path(__file__).parents[1] / "data" / "page.typ"
OWN = "Noto Serif SC"
# Fonts that have no bold of their own and are meant to stand out.
HEAVY = ("黑体", "SimHei", "小标宋", "方正小标宋", "等线 Bold")


class NoFont(RuntimeError):
    """The Chinese font that comes with the browser packages is not there: script/install brings it."""


def pdf(content: bytes, *, title: str, at: datetime, watermark: str = "", folders: tuple[str, ...] = ()) -> bytes:
    """The PDF (PDF/A-2b, with text that can be selected) of a Word file.  The same call with the same fonts gives the same bytes.

    ``folders`` hold fonts: at least the one of the project; a district's own are used where a template names them.
    """
    import typst

    tree = layout(parts_of(content))
    fonts, families = _fonts(folders)
    data = {
        "title": title, "mark": watermark, "even": False, "page": tree.page, "body": tree.body, "head": tree.head, "foot": tree.foot,
        "date": {"year": at.year, "month": at.month, "day": at.day},
    }  # fmt: skip
    _choose_fonts(data, families)
    with TemporaryDirectory(prefix="zhitong-paper-") as folder:
        files = {PROGRAM.name: PROGRAM.read_bytes(), "doc.json": json.dumps(data, ensure_ascii=False).encode()}
        for name, part in (files | tree.pictures).items():
            (Path(folder) / name).write_bytes(part)
        found: bytes = typst.compile(
            str(Path(folder) / PROGRAM.name),
            root=folder,
            font_paths=fonts,
            pdf_standards=["a-2b"],
            timestamp=at.astimezone(UTC).replace(microsecond=0),
        )
    return found


def lost(content: bytes) -> set[str]:
    """What the PDF of a Word file leaves out: drawing, picture, sections, chunk."""
    tree: Tree = layout(parts_of(content))
    return tree.lost


@cache
def _fonts(folders: tuple[str, ...]) -> tuple[Any, frozenset[str]]:
    import typst

    fonts = typst.Fonts(font_paths=[folder for folder in folders if Path(folder).is_dir()], include_system_fonts=False)
    families = frozenset(fonts.families())
    if OWN not in families:
        raise NoFont(OWN)
    return fonts, families


def _choose_fonts(block: Any, families: frozenset[str]) -> None:
    """Name only fonts that are there; where one that stands out is missing, the own one in bold stands for it."""
    if isinstance(block, list):
        for one in block:
            _choose_fonts(one, families)
    elif isinstance(block, dict):
        if "font" in block and block["font"] not in families:
            block["b"] = block.get("b", False) or block["font"].startswith(HEAVY)
            del block["font"]
        if "latin" in block and block["latin"] not in families:
            del block["latin"]
        for value in block.values():
            if isinstance(value, list | dict):
                _choose_fonts(value, families)
