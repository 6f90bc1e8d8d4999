"""script/messages: ids come from the code, translations stay, whatever is not complete is told."""

import importlib.util
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.mofile import read_mo

SCRIPT = Path(__file__).resolve().parent.parent / "script" / "messages"
CODE = """from django.utils.translation import gettext as _, ngettext, pgettext
A = _("受理")
B = ngettext("%(n)s件", "%(n)s件", 2)
C = pgettext("clock", "暂停")
"""
PAGE = '{{ _("共%(n)s件", n=5) }} {{ ngettext("%(num)s处", "%(num)s处", 3) }}'


@pytest.fixture
def tool(tmp_path, monkeypatch) -> ModuleType:
    loader = SourceFileLoader("messages_tool", str(SCRIPT))
    spec = importlib.util.spec_from_loader("messages_tool", loader)
    assert spec
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    monkeypatch.setattr(module, "PACKAGE", tmp_path)
    for name in ("base", "kernel", "kernel/events", "lines", "lines/hall"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").touch()
    hall = tmp_path / "lines" / "hall"
    (hall / "models.py").write_text(CODE)
    (hall / "tests").mkdir()
    (hall / "tests" / "test_x.py").write_text('_("不提取")')
    (hall / "web" / "templates" / "hall").mkdir(parents=True)
    (hall / "web" / "templates" / "hall" / "page.html").write_text(PAGE)
    return module


@pytest.fixture
def hall(tool) -> Path:
    return Path(tool.PACKAGE) / "lines" / "hall"


def translate(tool, hall: Path, **words: str) -> None:
    path = tool.po_path(hall)
    text = path.read_text()
    for found, said in {"受理": "Received", "暂停": "Paused", "共%(n)s件": "%(n)s in all", **words}.items():
        text = text.replace(f'msgid "{found}"\nmsgstr ""', f'msgid "{found}"\nmsgstr "{said}"')
    text = text.replace('msgstr[0] ""', 'msgstr[0] "one"').replace('msgstr[1] ""', 'msgstr[1] "many"')
    path.write_text(text)


def test_components_are_the_folders(tool):
    assert [str(p.relative_to(tool.PACKAGE)) for p in tool.components([])] == ["base", "kernel/events", "lines/hall"]
    assert [p.name for p in tool.components(["lines/hall/"])] == ["hall"]


def test_extracts_from_code_and_pages(tool, hall):
    assert tool.write(hall) == "5 messages, 5 missing"
    text = tool.po_path(hall).read_text()
    assert "不提取" not in text
    assert 'msgctxt "clock"' in text
    assert "POT-Creation-Date" not in text
    assert tool.write(hall.parent.parent / "base") == "no messages"


def test_translations_stay_and_the_file_does_not_change_again(tool, hall):
    tool.write(hall)
    translate(tool, hall)
    before = tool.po_path(hall).read_text()
    assert tool.write(hall) == "5 messages, 0 missing"
    assert tool.po_path(hall).read_text() == before
    assert tool.check(hall) == []


def test_what_is_wrong_is_told(tool, hall):
    tool.write(hall)
    assert sum("missing" in line for line in tool.check(hall)) == 5
    translate(tool, hall, **{"受理": "受理", "共%(n)s件": "all"})
    told = "\n".join(tool.check(hall))
    assert "left in Chinese: '受理'" in told
    assert "placeholders differ: 'all': '共%(n)s件'" in told
    (hall / "models.py").write_text('_("新的")')
    told = "\n".join(tool.check(hall))
    assert "not in the catalogue: '新的'" in told
    assert "obsolete: '受理'" in told


def test_fuzzy_is_told(tool, hall):
    tool.write(hall)
    translate(tool, hall)
    path = tool.po_path(hall)
    path.write_text(path.read_text().replace('msgid "受理"', '#, fuzzy\nmsgid "受理"'))
    assert tool.check(hall) == ["lines/hall: fuzzy: '受理'"]


def test_compiles(tool, hall):
    tool.write(hall)
    translate(tool, hall)
    tool.compile_catalogue(hall)
    with tool.po_path(hall).with_suffix(".mo").open("rb") as file:
        assert read_mo(file).get("受理").string == "Received"


def test_one_id_said_in_two_ways_is_told(tool, hall):
    events = tool.PACKAGE / "kernel" / "events"
    (events / "models.py").write_text('_("受理")')
    for folder, said in ((hall, "Received"), (events, "Accepted")):
        tool.write(folder)
        translate(tool, folder, 受理=said)
    assert [line for line in tool.differing([hall, events]) if "受理" in line]


def test_command(tool, hall, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["messages", "lines/hall"])
    assert tool.main() == 0
    monkeypatch.setattr("sys.argv", ["messages", "--check"])
    assert tool.main() == 1
    translate(tool, hall)
    assert tool.main() == 0
    assert "catalogues are complete" in capsys.readouterr().out
    monkeypatch.setattr("sys.argv", ["messages", "--compile"])
    assert tool.main() == 0
    assert tool.po_path(hall).with_suffix(".mo").exists()
