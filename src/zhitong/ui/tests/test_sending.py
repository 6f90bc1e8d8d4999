"""Files on their way to a browser."""

from pathlib import Path

import pytest

from zhitong.base.errors import NotFound
from zhitong.ui.public import file_answer


def test_nothing_in_a_file_runs_and_nobody_between_keeps_it(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"%PDF-")
    answer = file_answer(tmp_path / "a", "路灯.pdf", "application/pdf")
    assert answer.getvalue() == b"%PDF-"
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("inline; filename*=utf-8''")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("default-src 'none';")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "private" in answer["Cache-Control"]


def test_what_browsers_do_not_show_safely_is_saved(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"<script>")
    assert file_answer(tmp_path / "a", "a.html", "text/html")["Content-Disposition"].startswith("attachment;")


def test_what_is_gone_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        file_answer(tmp_path / "a", "a.pdf", "application/pdf")
