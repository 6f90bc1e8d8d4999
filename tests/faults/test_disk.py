"""The disk is full while people send photos: they are told, their text stays, and nothing is there in half."""

import contextlib
import os
import resource
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from hashlib import sha256
from html import unescape
from pathlib import Path

import pytest
import requests

from .browser import Browser, photo
from .load import Load
from .stage import Stage

pytestmark = pytest.mark.django_db
NEW, ROOM = "/appeals/new", 16_384


Disk = Callable[[Stage, int], AbstractContextManager[None]]


@contextlib.contextmanager
def files_may_be(stage: Stage, most: int) -> Iterator[None]:
    """No file of the web server may grow larger: the operating system refuses to write (EFBIG)."""
    for pid in stage.answering():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))
    yield
    for pid in stage.answering():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


@contextlib.contextmanager
def small_disk(stage: Stage, size: int) -> Iterator[None]:
    """The folder of uploads is a disk with no room (ENOSPC)."""
    stage.files.mkdir(exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(stage.files)]
    if os.geteuid() or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("this needs root, and a machine that lets it mount")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(stage.files)], check=True)


def kept(stage: Stage) -> set[Path]:
    """Every file of the uploads."""
    return {path for path in stage.files.rglob("*") if path.is_file()}


def assert_whole(files: set[Path]) -> None:
    """Each has the content that it is named after.  One that nobody names does no harm."""
    for path in files:
        assert path.suffix == ".preview" or sha256(path.read_bytes()).hexdigest() == path.name


def send(who: Browser, text: str, picture: bytes = b"") -> requests.Response:
    """The form of the portal, filled in."""
    said = who.form(NEW) | {"subkind": "report", "text": text, "phone": "13800001234"}
    return who.post(NEW, said, picture)


@pytest.mark.parametrize("disk", [files_may_be, small_disk])
def test_a_full_disk_is_told_and_leaves_nothing_in_half(stage: Stage, load: Load, disk: Disk) -> None:
    fill(stage, load, disk)


def fill(stage: Stage, load: Load, disk: Disk) -> None:
    """Send photos while there is no room, and again when there is."""
    who, text = Browser(stage.address), f"{load.name} 路灯不亮，照片附后"
    with load.going():
        load.wait_for(2)
        with disk(stage, ROOM):
            before = kept(stage)
            refused = send(who, text, photo())
            assert refused.status_code == 422
            assert "附件暂时无法保存" in refused.text
            assert text in unescape(refused.text)  # what was typed stays
            ticket = who.own.post(
                f"{stage.address}/api/v1/files", files={"file": ("a.jpg", photo(), "image/jpeg")},
                headers={"Authorization": f"Bearer {stage.setting['token']}"}, timeout=300,
            )  # fmt: skip
            assert (ticket.status_code, ticket.json()["code"]) == (422, "no_space")
            assert_whole(kept(stage) - before)
            assert stage.ask("SELECT count(*) FROM matters_matter WHERE text = %s", text) == 0
            load.wait_for(2)  # without a photo everything goes on
    load.receipts[text] = number_of(send(who, text, photo()))
    assert stage.ask(SIZE, load.receipts[text]) > ROOM
    assert len(kept(stage)) > len(before)
    assert_whole(kept(stage))
    stage.check(load)


SIZE = "SELECT size FROM matters_attachment a JOIN matters_matter m ON m.id = a.matter_id WHERE m.number = %s"


def number_of(answer: requests.Response) -> str:
    """The number on the receipt that the form leads to."""
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"].rstrip("/").rpartition("/")[2]
