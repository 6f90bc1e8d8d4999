"""``zhitong surveys``: workbooks checked without a database, and taken in."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from zhitong.config.cli.surveys import check, import_
from zhitong.lines.surveys.models import Version
from zhitong.lines.surveys.public import EXAMPLES, workbook_of


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "census.xlsx"
    path.write_bytes(workbook_of(EXAMPLES["census"][1]))
    return path


def test_check_needs_no_installation(good: Path) -> None:
    bad = good.with_name("bad.xlsx")
    bad.write_bytes(b"PK")
    bare = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")}
    done = subprocess.run(
        [sys.executable, "-m", "zhitong.config.cli", "surveys", "check", str(good), str(bad)],
        env=bare, cwd=good.parent, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "census.xlsx: 11 questions, 0 remarks" in done.stdout, done.stderr
    assert "bad.xlsx: file: 读不出这个文件" in done.stdout


def test_check_says_that_all_is_well(good: Path) -> None:
    assert CliRunner().invoke(check, [str(good)]).exit_code == 0


@pytest.mark.django_db
def test_import(good: Path) -> None:
    done = CliRunner().invoke(import_, [str(good), "--publish"])
    assert done.output == "入户普查: version 1\n"
    assert Version.objects.get().published_at
    again = CliRunner().invoke(import_, [str(good)])
    assert again.exit_code == 1
    assert "已有名为" in again.output
    good.write_bytes(b"PK")
    assert CliRunner().invoke(import_, [str(good)]).exit_code == 1
