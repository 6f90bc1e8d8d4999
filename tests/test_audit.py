"""script/audit: what is known of locked packages fails, what is accepted does not, and nobody there is said, not failed."""

import importlib.util
import json
import sys
import threading
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

import pytest

SCRIPT = Path(__file__).resolve().parent.parent / "script" / "audit"
TODAY = date(2026, 11, 22)
NOBODY = "http://127.0.0.1:9"


class Answers(BaseHTTPRequestHandler):
    """Says what ``known`` says: by path, or for every path."""

    known: ClassVar[dict[str, Any]] = {}
    asked: ClassVar[list[str]] = []

    def _say(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.asked.append(self.path)
        said = json.dumps(self.known.get(self.path)).encode()
        self.send_response(200 if self.path in self.known else 404)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    do_GET = do_POST = _say  # noqa: N815

    def log_message(self, *_args: Any) -> None:
        """Nothing."""


@pytest.fixture
def source() -> Iterator[str]:
    Answers.known, Answers.asked = {}, []
    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def tool(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    loader = SourceFileLoader("audit_tool", str(SCRIPT))
    spec = importlib.util.spec_from_loader("audit_tool", loader)
    assert spec
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "audit_tool", module)
    loader.exec_module(module)
    monkeypatch.setattr(module, "OSV", NOBODY)
    return module


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "script").mkdir()
    (tmp_path / "requirements.lock").write_text("django==5.2.1 \\\n    --hash=sha256:00\nclick==8.1.8 ; sys_platform\n")
    packages = {"": {}, "node_modules/htmx": {"version": "2.0.1"}, "node_modules/a/node_modules/@b/c": {"version": "1"}}
    (tmp_path / "package-lock.json").write_text(json.dumps({"packages": packages}))
    return tmp_path


def said(tool: ModuleType, root: Path, **more: Any) -> list[tuple[bool, str]]:
    return list(tool.report(root, **{"fresh": False, "today": TODAY, **more}))


def test_every_release_of_both_locks(tool: ModuleType, root: Path) -> None:
    found = {(p.world, p.name, p.version) for p in tool.locked(root)}
    assert found == {
        ("PyPI", "django", "5.2.1"), ("PyPI", "click", "8.1.8"), ("npm", "htmx", "2.0.1"), ("npm", "@b/c", "1"),
    }  # fmt: skip


def test_nobody_there_is_said_and_does_not_fail(tool: ModuleType, root: Path) -> None:
    lines = said(tool, root)
    assert [(is_bad, line.startswith("not asked")) for is_bad, line in lines] == [(False, True)]


def osv(tool: ModuleType, root: Path, source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A source that knows something of django."""
    monkeypatch.setattr(tool, "OSV", source)
    results = [{"vulns": [{"id": "GHSA-1"}]} if p.name == "django" else {} for p in tool.locked(root)]
    Answers.known = {"/v1/querybatch": {"results": results}}


def test_what_is_known_fails(tool: ModuleType, root: Path, source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    osv(tool, root, source, monkeypatch)
    (line,) = said(tool, root)
    assert line == (True, "django 5.2.1: GHSA-1 https://osv.dev/vulnerability/GHSA-1")


def test_asked_once_for_the_same_locks(
    tool: ModuleType, root: Path, source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    osv(tool, root, source, monkeypatch)
    assert said(tool, root) == said(tool, root)
    assert len(Answers.asked) == 1
    said(tool, root, fresh=True)
    (root / "requirements.lock").write_text("django==5.2.2\n")
    said(tool, root)
    assert len(Answers.asked) == 3


@pytest.mark.parametrize(
    ("until", "reason", "bad"),
    [("2026-12-01", "not called", 0), ("2026-11-21", "not called", 2), ("2026-12-01", "", 2)],
)
def test_accepted_with_a_reason_until_a_day(
    tool: ModuleType, root: Path, source: str, monkeypatch: pytest.MonkeyPatch, until: str, reason: str, bad: int
) -> None:
    osv(tool, root, source, monkeypatch)
    entry = f'[[accepted]]\npackage = "django"\nid = "GHSA-1"\nuntil = {until}\nreason = "{reason}"\n'
    (root / "script" / "advisories.toml").write_text(entry)
    assert sum(is_bad for is_bad, _line in said(tool, root)) == bad


def test_a_mirror_that_does_not_know_the_question_is_not_an_all_clear(
    tool: ModuleType, root: Path, source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tool, "OSV", source)
    (line,) = said(tool, root)
    assert line[1].startswith("not asked, nobody was reached")
    Answers.known = {"/v1/querybatch": {"results": []}}
    assert said(tool, root, fresh=True)[0][1].endswith("an answer of another shape")
