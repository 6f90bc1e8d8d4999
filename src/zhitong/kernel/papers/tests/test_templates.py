"""A district's own Word files: what is taken, what is refused and how it is said, what a paper is made from."""

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from jinja2 import TemplateSyntaxError
from PIL import Image

from zhitong.base.errors import NotAllowed, NotFound
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.matters.tests.conftest import MONDAY, SYSTEM, Room
from zhitong.kernel.papers.models import Template
from zhitong.kernel.papers.public import (
    Origin,
    P,
    PaperKind,
    TemplateRefused,
    choose_template,
    made,
    supplied,
    upload_template,
    versions,
    word,
)
from zhitong.kernel.papers.rules.word import Environment, fill

from .conftest import KIND
from .reading import in_docx, in_pdf
from .test_issuing import issued

pytestmark = pytest.mark.django_db
GOOD = word("", "标题", [P("本区样式：{{ 申请人 }}申请{{ 事项 }}。")])


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def upload(content: bytes = GOOD, **more: Any) -> Any:
    return upload_template(KIND.slug, more.pop("name", "本区.docx"), content, **{"by": SYSTEM, "at": MONDAY, **more})


def saying(*lines: str) -> bytes:
    return word("", "标题", [P(line) for line in lines])


def refused(content: bytes) -> str:
    """Everything that is said against it, with places."""
    with pytest.raises(TemplateRefused) as caught:
        upload(content)
    return "\n".join(f"{problem.where}｜{problem}" for problem in caught.value.report.problems)


def changed(change: Callable[[dict[str, bytes]], None], content: bytes = GOOD) -> bytes:
    """The same file with other parts."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    change(parts)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, part in parts.items():
            packed.writestr(name, part)
    return out.getvalue()


def replacing(name: str, old: bytes, new: bytes) -> bytes:
    def change(parts: dict[str, bytes]) -> None:
        assert old in parts[name]
        parts[name] = parts[name].replace(old, new)

    return changed(change)


def adding(**parts: bytes) -> bytes:
    return changed(lambda all_: all_.update({name.replace("__", "/"): part for name, part in parts.items()}))


def test_uploaded_previewed_chosen_and_back(room: Room, kind: PaperKind) -> None:
    before = issued(room)
    row = upload().template
    assert in_docx(made(issued(room)).docx).startswith("某区")  # not in force yet
    choose_template(kind.slug, row.pk, by=SYSTEM, at=MONDAY)
    after = issued(room)
    for text in (in_docx(made(after).docx), in_pdf(made(after).pdf)):
        assert "本区样式：李四光申请临时占道许可。" in text
    assert "本区样式" not in in_docx(made(before).docx)
    choose_template(kind.slug, None, by=SYSTEM, at=MONDAY)
    assert issued(room).template_id == before.template_id
    assert [row.origin for row in versions(kind.slug)] == [Origin.DISTRICT, Origin.SUPPLIED]


def test_the_same_file_again_is_the_same_version(room: Room, kind: PaperKind) -> None:
    first = upload()
    again = upload(name="另一个名字.docx")
    assert (again.template, again.was_known) == (first.template, True)


def test_what_ships_passes_its_own_check(room: Room, kind: PaperKind) -> None:
    assert upload(supplied(kind.slug)[0]).lost == []


def test_only_who_may(room: Room, kind: PaperKind) -> None:
    with pytest.raises(NotAllowed):
        upload(by=room.centre)
    with pytest.raises(NotAllowed):
        choose_template(kind.slug, None, by=Actor.resident(), at=MONDAY)
    with pytest.raises(NotFound):
        upload_template("no.such", "a.docx", GOOD, by=SYSTEM, at=MONDAY)


def test_unknown_names_are_named_with_their_place(kind: PaperKind) -> None:
    said = refused(saying("第一段", "尊敬的{{ 申请人姓名 }}：", "{{ 完全不同 }}"))
    assert "正文第3段：尊敬的{{ 申请人姓名 }}：｜没有“申请人姓名”这项要素，是不是“申请人”？" in said
    assert "没有“完全不同”这项要素。" in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ 申请人 }", "花括号没有成对：{{"),
        ("{{ 申请人 或 事项 }}", "写法有误"),
        ("{% if 加急 %}加急", "没有结束，缺少{% endif %}"),
        ("{% endif %}{{ 申请人 }}", "多出一个"),
        ("{{ 材料 }}", "“材料”是多行内容"),
        ("{% for 行 in 申请人 %}{% endfor %}", "“申请人”不是多行内容"),
        ("{% for 行 in 材料 %}{{ 行.单价 }}{% endfor %}", "“单价”不是这张表的栏目，可用：名称、份数。"),
        ("{%tr for 行 in 材料 %}{%tr endfor %}", "只能写在表格的行里"),
        ("{% for 行 in 材料 %}{% for 列 in 材料 %}{% endfor %}{% endfor %}", "for不能套在for里"),
        ("{% include 'x' %}", "不支持这种写法"),
        ("{% set x = 1 %}", "不支持这种写法"),
        ("{{ 申请人.__class__ }}", "不支持这种写法"),
        ("{% for 行 in 材料 %}{{ 申请人.名称 }}{% endfor %}", "不支持这种写法：{{ 申请人.名称 }}"),
        ("{{ ''.__class__.__mro__ }}", "不支持这种写法"),
        ("{{ 申请人 * 1000000000 }}", "不支持这种写法"),
        ("{{ 'a' ~ 申请人 }}", "不支持这种写法"),
        ("{{ 申请人|center(100000000) }}", "不支持这种写法"),
        ("{{ range(1000000) }}", "不支持这种写法"),
        ("{{ 申请人() }}", "不支持这种写法"),
        ("{{ [1,2,3] }}", "不支持这种写法"),
        ("{{ cycler.__init__.__globals__ }}", "不支持这种写法"),
        ("没有要素", "文档里没有任何要素"),
    ],
)
def test_what_braces_may_not_say(kind: PaperKind, text: str, said: str) -> None:
    assert said in refused(saying(text))


def test_what_braces_may_say(kind: PaperKind) -> None:
    upload(saying("{% if 加急 and not 材料|length == 0 %}{{ 申请人 }}{% elif 事项 == '甲' %}{% else %}无{% endif %}",
                  "{{ 事项|default('（无）') }}", "{% for 行 in 材料 %}{{ loop.index }}.{{ 行.名称 }}；{% endfor %}"))  # fmt: skip


@pytest.mark.parametrize("text", ["{{ '' * 9 }}", "{{ f() }}", "{% for a in b %}{% for c in d %}{% endfor %}{% endfor %}",
                                  "{{ a['b'] }}", "{{ a._b }}", "{% macro m() %}{% endmacro %}"])  # fmt: skip
def test_the_environment_refuses_by_itself(text: str) -> None:
    """Also what no check has seen."""
    with pytest.raises(TemplateSyntaxError):
        Environment().from_string(text)


def test_braces_in_an_attribute_compute_nothing(kind: PaperKind) -> None:
    bad = replacing("word/document.xml", b"<w:body>", b'<w:body><w:bookmarkStart w:id="1" w:name="{{ 9 * 9 }}"/>')
    assert "试生成时出错" in refused(bad)
    with pytest.raises(TemplateSyntaxError):
        fill(bad, {}, title="t", at=MONDAY)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "不是Word文档"),
        (b"PK\x03\x04 nonsense", "不是Word文档"),
        (b"%PDF-1.7", "不是Word文档"),
        (GOOD[: len(GOOD) // 2], "不是Word文档"),
        (b"x" * (2 * 1024 * 1024 + 1), "不能超过2MB"),
    ],
)
def test_what_is_no_word_file(kind: PaperKind, content: bytes, said: str) -> None:
    assert said in refused(content)


def test_a_bomb_is_not_unpacked(kind: PaperKind) -> None:
    assert "解压后过大" in refused(adding(word__media__a=b"\x00" * 30_000_000))
    many = changed(lambda parts: parts.update({f"word/x{n}.txt": b"" for n in range(400)}))
    assert "解压后过大" in refused(many)


def test_entities_are_not_read(kind: PaperKind) -> None:
    head = b"<!DOCTYPE a [<!ENTITY x 'xxxxxxxxxx'><!ENTITY y '&x;&x;&x;'>]>"
    bad = changed(
        lambda parts: parts.update({"word/document.xml": head + parts["word/document.xml"].split(b"?>", 1)[1]})
    )
    assert "内部结构异常（word/document.xml）" in refused(bad)
    wide = changed(lambda parts: parts.update({"word/styles.xml": parts["word/styles.xml"].decode().encode("utf-16")}))
    assert "内部结构异常（word/styles.xml）" in refused(wide)


def test_macros_links_and_what_is_embedded(kind: PaperKind) -> None:
    plain, macro = b"wordprocessingml.document.main", b"ms-word.document.macroEnabled.main"
    assert "含有宏" in refused(replacing("[Content_Types].xml", plain, macro))
    assert "含有宏" in refused(adding(word__vbaProject=b"x").replace(b"word/vbaProject", b"word/vbaProject"))
    link = b'<Relationship Id="rIdX" Type="http://x/image" Target="http://elsewhere.test/a.png" TargetMode="External"/>'
    rels = "word/_rels/document.xml.rels"
    assert "链接了外部内容（http://elsewhere.test/a.png）" in refused(
        replacing(rels, b"</Relationships>", link + b"</Relationships>")
    )
    chunk = b'<Relationship Id="rIdX" Type="http://x/aFChunk" Target="a.html"/></Relationships>'
    assert "内嵌了其他文件" in refused(replacing(rels, b"</Relationships>", chunk))
    assert "内嵌了其他文件" in refused(adding(word__embeddings__a=b"x"))
    field = b'<w:p><w:fldSimple w:instr=" INCLUDEPICTURE &quot;http://elsewhere.test&quot; "/></w:p>'
    assert "不能使用域“INCLUDEPICTURE" in refused(replacing("word/document.xml", b"<w:body>", b"<w:body>" + field))


def test_pictures_are_looked_at(kind: PaperKind) -> None:
    document = Document(io.BytesIO(GOOD))
    picture = io.BytesIO()
    Image.new("1", (6000, 4000)).save(picture, "PNG")
    document.add_picture(picture)
    out = io.BytesIO()
    document.save(out)
    assert "图片无法识别或像素过大" in refused(out.getvalue())


def test_what_begins_here_and_ends_elsewhere(kind: PaperKind) -> None:
    document = Document(io.BytesIO(GOOD))
    table = document.add_table(rows=1, cols=2)
    document.paragraphs[0].insert_paragraph_before("{% if 申请人 == '王小明' %}")
    table.cell(0, 0).text = "{% endif %}"
    out = io.BytesIO()
    document.save(out)
    assert "“{% if 申请人 == '王小明' %}”与“{% endif %}”不在同一段落层次" in refused(out.getvalue())


def test_what_the_pdf_leaves_out_is_said(kind: PaperKind) -> None:
    document = Document(io.BytesIO(GOOD))
    document.add_section()
    out = io.BytesIO()
    document.save(out)
    assert "分为几节" in str(upload(out.getvalue()).lost[0])


def test_a_name_is_only_a_name(kind: PaperKind) -> None:
    assert upload(name="../../etc/passwd\x00.DOCX").template.name == "passwd.docx"
    assert Template.objects.get().added_at == MONDAY
    assert upload(saying("{{ 申请人 }}"), name="", at=MONDAY + timedelta(1)).template.name == "template.docx"
