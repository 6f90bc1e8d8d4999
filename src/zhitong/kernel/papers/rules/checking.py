"""Whether a Word file may become a template: what it is made of, and what its braces say.

Everything that is wrong is named at once, each with where it stands.  Parts of the file are looked at before any library opens it.
"""

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from .kinds import PaperKind
from .placeholders import Flow, Problem
from .zipping import NoWordFile, parts_of

MOST_BYTES, MOST_XML, MOST_PIXELS = 2 * 1024 * 1024, 2 * 1024 * 1024, 12_000_000
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DOCUMENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
SHOWN = {".png", ".jpg", ".jpeg"}
# What a field may do: count pages.  Others fetch, compute or link.
FIELDS = {"PAGE", "NUMPAGES", "SECTIONPAGES"}

NO_WORD = {
    "broken": _("这不是Word文档（.docx），或文件已损坏，请用Word另存为“Word 文档 (*.docx)”后再上传。"),
    "locked": _("文档设有密码，请取消密码后再上传。"),
    "bomb": _("文档解压后过大，不能作为模板，请删去大图片后再上传。"),
}
TOO_BIG = _("模板不能超过2MB，请压缩其中的图片后再上传。")
MACRO = _("文档含有宏，请另存为不含宏的“Word 文档 (*.docx)”后再上传。")
EMBEDDED = _("文档内嵌了其他文件或控件（%(what)s），请删去后再上传。")
EXTERNAL = _("文档链接了外部内容（%(what)s），请删去链接，或把图片直接插入文档。")
ENTITY = _("文档内部结构异常（%(what)s），请用Word重新另存后再上传。")
FIELD = _("不能使用域“%(what)s”，只能用页码（PAGE、NUMPAGES）。")
PICTURE = _("图片无法识别或像素过大（%(what)s），请换成普通的PNG或JPG图片。")
NOWHERE = _("文档里没有任何要素，生成的每份文书都会一样；请至少写入一项，如{{ %(what)s }}。")


@dataclass
class Report:
    """What is wrong with a template, and what the PDF will leave out of it."""

    problems: list[Problem] = field(default_factory=list)
    lost: list[Any] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        return not self.problems

    def say(self, sentence: Any, what: str = "", where: Any = "") -> None:
        self.problems.append(Problem(sentence, {"what": what[:80]}, where))


def check_template(kind: PaperKind, content: bytes) -> Report:
    """Everything that can be told without making a paper of it; rendering comes after and only when this is good."""
    report = Report()
    if len(content) > MOST_BYTES:
        report.say(TOO_BIG)
        return report
    try:
        parts = parts_of(content)
    except NoWordFile as error:
        report.say(NO_WORD[str(error.args[0])])
        return report
    if "word/document.xml" not in parts or "[Content_Types].xml" not in parts:
        report.say(NO_WORD["broken"])
        return report
    roots = _roots(parts, report)
    if report.is_good:
        _check_parts(parts, roots, report)
    if report.is_good:
        _check_words(kind, roots, report)
    return report


def _roots(parts: Mapping[str, bytes], report: Report) -> dict[str, Any]:
    """Every XML part, read without entities.  A declaration of a type is refused before anything reads it."""
    from lxml import etree

    from .layout import parse

    found = {}
    for name, content in parts.items():
        if not name.endswith((".xml", ".rels")):
            continue
        if len(content) > MOST_XML or b"<!DOCTYPE" in content or b"<!ENTITY" in content or _is_other_encoding(content):
            report.say(ENTITY, name)
            continue
        try:
            found[name] = parse(content)
        except (etree.XMLSyntaxError, ValueError):
            report.say(ENTITY, name)
    return found


def _is_other_encoding(content: bytes) -> bool:
    """In UTF-16 a declaration of a type would not be seen."""
    head = content[:200]
    return b"\x00" in head or bool(re.search(rb'encoding=["\'](?!utf-8|us-ascii)', head, re.IGNORECASE))


def _check_parts(parts: Mapping[str, bytes], roots: Mapping[str, Any], report: Report) -> None:
    types = "".join(one.get("ContentType", "") for one in roots["[Content_Types].xml"])
    if "macro" in types.lower() or any("vbaproject" in name.lower() or "vbadata" in name.lower() for name in parts):
        report.say(MACRO)
    elif DOCUMENT not in types:
        report.say(NO_WORD["broken"])
    for name in parts:
        if name.startswith(("word/embeddings/", "word/activeX/", "customUI/")) or name.endswith(".bin"):
            report.say(EMBEDDED, name)
    for name, root in roots.items():
        if name.endswith(".rels"):
            _check_links(root, report)
        elif name.startswith("word/"):
            _check_inside(name, root, report)
    for name, content in parts.items():
        if name.startswith("word/media/"):
            _check_picture(name, content, report)


def _check_links(root: Any, report: Report) -> None:
    for one in root:
        kind, target = one.get("Type", "").rsplit("/", 1)[-1], one.get("Target", "")
        if one.get("TargetMode", "").lower() == "external" or "://" in target or target.startswith(("\\\\", "//")):
            report.say(EXTERNAL, target)
        elif kind in ("aFChunk", "oleObject", "package", "control", "attachedTemplate", "subDocument"):
            report.say(EMBEDDED, kind)


def _check_inside(name: str, root: Any, report: Report) -> None:
    for one in root.iter(W + "object", W + "control", W + "altChunk", W + "subDoc"):
        report.say(EMBEDDED, one.tag.removeprefix(W))
    codes = [one.get(W + "instr", "") for one in root.iter(W + "fldSimple")]
    codes += ["".join(t.text or "" for t in p.iter(W + "instrText")) for p in root.iter(W + "p")]
    for code in codes:
        words = re.findall(r"[A-Za-z]+", code)
        if code.strip() and (not words or words[0].upper() not in FIELDS):
            report.say(FIELD, code.strip())


def _check_picture(name: str, content: bytes, report: Report) -> None:
    from PIL import Image

    if name[name.rfind(".") :].lower() not in SHOWN:
        return  # named as lost in the PDF
    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                report.say(PICTURE, name)
            else:
                picture.load()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        report.say(PICTURE, name)


def _check_words(kind: PaperKind, roots: Mapping[str, Any], report: Report) -> None:
    used: set[str] = set()
    for name, root in roots.items():
        if label := _place_of(name):
            flow = Flow(kind, label)
            for number, text, inside, table in paragraphs(root):
                flow.read(text, number, inside=inside, table=table)
            report.problems += flow.ended()
            used |= flow.used
    if report.is_good and not used:
        report.say(NOWHERE, kind.facts[0].name if kind.facts else "")


def _place_of(name: str) -> Any:
    places = (("word/document.xml", _("正文")), ("word/header", _("页眉")), ("word/footer", _("页脚")),
              ("word/footnotes", _("脚注")), ("word/endnotes", _("尾注")), ("docProps/core", _("文档属性")))  # fmt: skip
    return next((label for start, label in places if name.startswith(start)), "")


def paragraphs(root: Any) -> Iterator[tuple[int, str, str, str]]:
    """Number and text of each paragraph, what it is part of, and which table; deleted text is none."""
    path = root.getroottree().getpath
    found = list(root.iter(W + "p"))
    for number, paragraph in enumerate(found, start=1):
        pieces = [
            (one.text or "") if one.tag == W + "t" else " "
            for one in paragraph.iter(W + "t", W + "tab", W + "br")
            if next(one.iterancestors(W + "p"), None) is paragraph  # a text box inside has paragraphs of its own
        ]
        table = next(paragraph.iterancestors(W + "tbl"), None)
        yield number, "".join(pieces), path(paragraph.getparent()), "" if table is None else path(table)
    if not found:  # properties of the document
        for number, one in enumerate(root.iter(), start=1):
            if one.text and isinstance(one.tag, str):
                yield number, one.text, path(one), ""
