"""The register command: tables from the command line."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from zhitong.config.cli import main
from zhitong.kernel.register import public as register
from zhitong.kernel.register.tests.homes import citizen, places
from zhitong.kernel.register.tests.test_firms import code

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def divisions(db: None) -> Any:
    return places()


def run(*arguments: object) -> Any:
    return CliRunner().invoke(main, ["register", "import", *map(str, arguments)])


def test_homes_are_tried_and_taken_over_with_what_is_wrong_named(tmp_path: Path) -> None:
    path = tmp_path / "homes.csv"
    rows = (f"990101001001,1号楼,示范路8号,101,张一,{citizen(1)}", "990101001001,1号楼,示范路8号,102,李二,123")
    path.write_text("\n".join(["区划编码,楼栋名称,地址,房号,姓名,身份证号", *rows]), encoding="utf-8")
    tried = run(path, "--dry-run")
    assert "1 created, 0 changed, 0 unchanged, 1 left out" in tried.output
    assert register.find_by_citizen_id(citizen(1)) is None
    done = run(path)
    assert done.exit_code == 0
    assert "row 3, 身份证号" in done.output
    assert register.find_by_citizen_id(citizen(1)) is not None
    assert "0 created, 0 changed, 1 unchanged, 1 left out" in run(path).output


def test_firms(tmp_path: Path) -> None:
    path = tmp_path / "firms.csv"
    head = "统一社会信用代码,企业名称,类型,法定代表人,住所,成立日期"
    path.write_text(f"{head}\n{code(1)},示范店,个体工商户,张一,示范路1号,2020-01-01\n", encoding="utf-8")
    assert "1 created" in run(path, "--firms").output


def test_what_is_no_table_is_told(tmp_path: Path) -> None:
    path = tmp_path / "homes.csv"
    path.write_text("姓名,电话\n张一,1\n", encoding="utf-8")
    done = run(path)
    assert done.exit_code == 1
    assert "区划编码" in done.output
