"""Files that were looked at and wait for a yes."""

import os
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from zhitong.base.errors import Refused
from zhitong.ui.public import Waiting, drop_waiting, keep_waiting, waiting_file
from zhitong.ui.tasks import forget_files
from zhitong.ui.web.waiting import FOLDER, KEPT


@pytest.fixture
def request_(settings: Any, tmp_path: Path, rf: Any) -> Any:
    settings.MEDIA_ROOT = tmp_path
    request = rf.get("/")
    request.session = {}
    return request


def test_one_waits_on_each_page_until_it_is_dropped(request_: Any, tmp_path: Path) -> None:
    keep_waiting(request_, "a", Waiting("一.csv", b"1", {}))
    keep_waiting(request_, "a", Waiting("二.csv", b"2", {"on": "2026-03-01"}))
    keep_waiting(request_, "b", Waiting("三.csv", b"3", {}))
    assert waiting_file(request_, "a") == Waiting("二.csv", b"2", {"on": "2026-03-01"})
    drop_waiting(request_, "a")
    with pytest.raises(Refused, match="没有待确认的文件"):
        waiting_file(request_, "a")
    assert len(list((tmp_path / FOLDER).iterdir())) == 1


def test_what_nobody_said_yes_to_is_gone_after_a_day(request_: Any, tmp_path: Path) -> None:
    forget_files()
    for page in "ab":
        keep_waiting(request_, page, Waiting("表.csv", b"1", {}))
    old = tmp_path / request_.session["a"]["stored"]
    yesterday = (timezone.now() - KEPT).timestamp() - 60
    os.utime(old, (yesterday, yesterday))
    forget_files()
    assert waiting_file(request_, "b").content == b"1"
    with pytest.raises(Refused):
        waiting_file(request_, "a")
