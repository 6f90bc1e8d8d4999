"""``zhitong dispatch`` on files: nothing but the file is needed."""

import json
from pathlib import Path

from click.testing import CliRunner

from zhitong.base.tests.test_likeness import OTHER, SMOKE
from zhitong.config.cli.dispatch import dispatch

HEAD = "id,user,title,submitted_at,body,against,likes"


def _file(path: Path) -> Path:
    rows = [f"{n},u{n},{title},2026/8/{n + 1},{text},0,0" for n, (title, text) in enumerate((*SMOKE, *OTHER))]
    path.write_text("\n".join([HEAD, *rows]), encoding="utf-8")
    return path


def test_hot_spots_are_printed_a_line_each(tmp_path: Path) -> None:
    ran = CliRunner().invoke(dispatch, ["hotspots", str(_file(tmp_path / "a.csv")), "--top", "2"])
    found = [json.loads(line) for line in ran.stdout.splitlines()]
    assert "messages gathered in" in ran.stderr
    assert [one["rank"] for one in found] == [1, 2]
    assert found[0]["ids"] == ["0", "1", "2", "3"]


def test_a_file_that_is_no_table_of_messages_is_named(tmp_path: Path) -> None:
    wrong = tmp_path / "a.csv"
    wrong.write_text("a,b\n1,2\n", encoding="utf-8")
    ran = CliRunner().invoke(dispatch, ["hotspots", str(wrong)])
    assert ran.exit_code == 1
    assert "id, title, submitted_at and body" in ran.output


def test_pairs_are_measured(tmp_path: Path) -> None:
    labels = tmp_path / "labels.csv"
    labels.write_text("one,other,same\n0,1,1\n0,7,0\n", encoding="utf-8")
    ran = CliRunner().invoke(dispatch, ["duplicates", str(_file(tmp_path / "a.csv")), str(labels)])
    met = "found by the words of the later one, of those told rightly 1.0000"
    assert ran.output.splitlines() == ["pairs 2", "precision 1.0000", "recall 1.0000", met]
    labels.write_text("one,other,same\n0,nobody,1\n", encoding="utf-8")
    assert CliRunner().invoke(dispatch, ["duplicates", str(_file(tmp_path / "a.csv")), str(labels)]).exit_code == 1


def test_replies_of_a_file_are_checked(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    rows = [
        "id,title,submitted_at,body,reply,replied_at",
        "1,学苑路路灯不亮,2026/8/1 10:00:00,学苑路路灯坏了一个月，夜里看不见。,已收悉,2026/9/20",
    ]
    file.write_text("\n".join(rows), encoding="utf-8")
    ran = CliRunner().invoke(dispatch, ["replies", str(file)])
    assert [json.loads(line) for line in ran.stdout.splitlines()[:2]] == [
        {"id": "1", "kind": "empty"}, {"id": "1", "kind": "late", "days": 50},
    ]  # fmt: skip
    assert ran.stdout.splitlines()[2:] == ["replies 1", "empty 1", "off 0", "copied 0", "late 1"]
    file.write_text("id,title,submitted_at,body\n", encoding="utf-8")
    assert CliRunner().invoke(dispatch, ["replies", str(file)]).exit_code == 1
