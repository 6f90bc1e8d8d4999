"""Loading appeals from a file, with a text of our own; the shared file only where it is."""

import csv
import os
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

from zhitong.config.cli.appeals import appeals
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import Notice
from zhitong.kernel.matters import public as m
from zhitong.lines.appeals.actions import load_appeals
from zhitong.lines.appeals.rules import moment_of

from .factories import MONDAY, District

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
HEAD = ["id", "title", "submitted_at", "body", "category"]
ROWS = [
    ["1", "路灯不亮", "2026/9/1 9:05:03", "门口的路灯三天不亮，\n晚上看不清。", "路灯照明"],
    ["2", "垃圾没人清", "2026-09-02 10:00", "垃圾堆了一周。", "没有这个类别"],
    ["3", "", "2026年9月3日", "只有正文的一件。", ""],
    ["4", "日期不对", "昨天", "正文", "路灯照明"],
    ["5", "将来的", "2030-01-01", "正文", "路灯照明"],
    ["", "没有编号", "2026-09-01", "正文", "路灯照明"],
    ["1", "编号重复", "2026-09-01", "正文", "路灯照明"],
    ["6", "", "2026-09-01", "  ", "路灯照明"],
    ["7", "太长", "2026-09-01", "长" * 10_001, "路灯照明"],
]


def table(path: Path, encoding: str = "utf-8-sig") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([HEAD, *ROWS])
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_good_rows_are_loaded_and_bad_ones_told(place: District, tmp_path: Path, encoding: str) -> None:
    result = CliRunner().invoke(appeals, ["load", str(table(tmp_path / "a.csv", encoding))])
    assert result.exit_code == 0, result.output
    assert "3 opened, 0 known before, 0 passed on, 6 wrong" in result.output
    assert [line.split(":")[0] for line in result.output.splitlines() if line.startswith("row")] == [
        f"row {n}" for n in (5, 6, 7, 8, 9, 10)
    ]
    first = m.Matter.objects.get(title="路灯不亮")
    assert (first.category_id, first.channel, first.is_public) == (place.category.pk, "system", False)
    assert first.opened_at == datetime(2026, 9, 1, 9, 5, 3, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert not Notice.objects.filter(template="appeal.received").exists()


def test_again_nothing_is_new_and_what_waits_is_passed_on(place: District, tmp_path: Path) -> None:
    file, organs = table(tmp_path / "a.csv"), tmp_path / "organs.csv"
    organs.write_text("category,organ\n路灯照明,街道\n", encoding="utf-8")
    runner = CliRunner()
    runner.invoke(appeals, ["load", str(file)])
    result = runner.invoke(appeals, ["load", str(file), "--pass", "--organs", str(organs)])
    assert "0 opened, 3 known before, 1 passed on" in result.output
    assert m.Matter.objects.get(title="路灯不亮").lead_id == place.street.pk
    assert "0 passed on" in runner.invoke(appeals, ["load", str(file), "--pass", "--organs", str(organs)]).output


def test_a_mapping_that_names_nobody_is_refused(place: District, tmp_path: Path) -> None:
    organs = tmp_path / "organs.csv"
    organs.write_text("category,organ\n路灯照明,没有这个单位\n", encoding="utf-8")
    result = CliRunner().invoke(appeals, ["load", str(table(tmp_path / "a.csv")), "--pass", "--organs", str(organs)])
    assert result.exit_code == 1


def test_other_content_under_a_known_id_is_told_and_harms_nobody(place: District) -> None:
    good = dict(zip(HEAD, ROWS[0], strict=True))
    load_appeals([good], source="a", by=SYSTEM, at=MONDAY)
    new = dict(zip(HEAD, ROWS[1], strict=True))
    done = load_appeals([{**good, "body": "另一段话"}, new], source="a", by=SYSTEM, at=MONDAY)
    assert (done.opened, len(done.errors)) == (1, 1)


def test_a_file_without_the_columns_is_refused(place: District, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x,y\n1,2\n", encoding="utf-8")
    assert CliRunner().invoke(appeals, ["load", str(tmp_path / "a.csv")]).exit_code == 1


@pytest.mark.parametrize(
    "text",
    ["2018/12/26 10:13:37", "2018-12-26 10:13", "2018年12月26日 10:13", "2018.12.26", "2018-12-26T10:13:37+08:00"],
)
def test_moments_as_files_write_them(text: str) -> None:
    found = moment_of(text)
    assert found is not None
    assert found.astimezone(ZoneInfo("Asia/Shanghai")).date().isoformat() == "2018-12-26"


@pytest.mark.parametrize("text", ["", "昨天", "2018-13-01", "26/12/2018", "1900-01-01", "9" * 50])
def test_what_is_no_moment(text: str) -> None:
    assert moment_of(text) is None


def test_real_messages(place: District) -> None:
    """ZHITONG_MESSAGES names a file of real messages; they are not part of the project."""
    path = Path(os.environ.get("ZHITONG_MESSAGES", "../shared/data/appeals/labelled_full.csv"))
    if not path.is_file():
        pytest.skip("the file of real messages is not here")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    at = MONDAY + timedelta(days=365)
    done = load_appeals(rows, source="messages", by=SYSTEM, at=at)
    assert (done.opened, done.errors) == (len(rows), [])
    commonest = Counter(row["category"] for row in rows).most_common(1)[0][0]
    assert done.unknown_categories[commonest] > 0
    found = m.matching(m.Matter.objects.all(), rows[0]["title"])
    assert found.exists()
