"""The menu shows what the actor may open."""

from typing import cast

import pytest

from zhitong.kernel.accounts.public import Actor
from zhitong.ui import menu
from zhitong.ui.public import MenuItem, declare_menu


class Somebody:
    def __init__(self, *permissions: str) -> None:
        self.permissions = permissions

    def may(self, permission: str) -> bool:
        return permission in self.permissions


@pytest.fixture(autouse=True)
def items(monkeypatch):
    monkeypatch.setattr(menu, "_items", {})
    declare_menu(
        MenuItem("组件", "ui:gallery", "components", order=2, key="c"),
        MenuItem("事项页", "ui:gallery_matter", "file-text", permissions=("a.see", "b.see"), group="诉求", order=1),
        MenuItem("没有的页面", "nobody:nowhere", "x"),
        MenuItem("门户", "ui:gallery_portal", "world", face="portal"),
    )


def labels(*permissions: str, path: str = "/", face: str = "desk") -> list[tuple[str, list[tuple[str, bool]]]]:
    groups = menu.menu_for(cast(Actor, Somebody(*permissions)), path, face)
    return [(group, [(link.label, link.is_current) for link in links]) for group, links, _is_open in groups]


def test_entries_without_permission_are_for_everybody():
    assert labels() == [("", [("组件", False)])]


def test_any_of_the_permissions_suffices_and_order_counts():
    assert labels("b.see") == [("诉求", [("事项页", False)]), ("", [("组件", False)])]


def test_the_longest_address_is_current():
    assert labels("a.see", path="/gallery/matter/7") == [("诉求", [("事项页", True)]), ("", [("组件", False)])]
    assert labels("a.see", path="/gallery/x")[1] == ("", [("组件", True)])


def test_an_entry_that_is_alone_does_not_stand_for_what_is_below():
    declare_menu(MenuItem("组件", "ui:gallery", "components", order=2, is_alone=True))
    assert labels(path="/gallery/") == [("", [("组件", True)])]
    assert labels(path="/gallery/x") == [("", [("组件", False)])]


def test_each_face_has_its_own():
    assert labels(face="portal") == [("", [("门户", False)])]


def test_the_home_page_is_current_only_on_itself():
    assert menu._current(["/", "/a/"], "/a/b") == "/a/"
    assert menu._current(["/", "/a/"], "/b") == ""
    assert menu._current(["/"], "/") == "/"
