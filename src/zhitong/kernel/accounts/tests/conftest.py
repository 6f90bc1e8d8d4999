"""A street office with a section below it, and ways to put people on posts."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import count

import pytest
from django.apps import apps

from zhitong.base.identifiers import uuid7
from zhitong.kernel.organisation import public as organisation

from .. import permissions, public

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
START = date(2020, 1, 1)
BY = public.Actor.system("测试")
PASSWORD = "correct-horse-7"
_numbers = count(1)


def make_division(code="370103001", name="甲街道", level="street", parent=None):
    """A division as territory would have made it."""
    pk = uuid7()
    path = [*(parent.path if parent else []), pk]
    return apps.get_model("territory", "Division").objects.create(
        id=pk, code=code, name=name, level=level, parent=parent, path=path, valid_from=date(2000, 1, 1)
    )


def make_organ(code, name, **fields):
    """An organ from 2020 on."""
    values = {"kind": "department", "valid_from": START, **fields}
    return organisation.create_organ(code=code, name=name, by=BY, at=AT, **values)


def make_post(organ, title="科员", **fields):
    """A post from 2020 on."""
    return organisation.create_post(organ_id=organ.pk, title=title, by=BY, at=AT, **{"valid_from": START, **fields})


def make_staff(name="王小明", **fields):
    """A person."""
    return organisation.create_staff(staff_no=f"S{next(_numbers)}", name=name, by=BY, at=AT, **fields)


def seat(staff, post, **fields):
    """``staff`` sits on ``post``."""
    return organisation.appoint(staff_id=staff.pk, post_id=post.pk, by=BY, at=AT, **{"valid_from": START, **fields})


def grant(post, role, scope="organ", **fields):
    """``post`` holds ``role``."""
    return public.grant_role(post_id=post.pk, role=role, scope=scope, by=BY, at=AT, **{"valid_from": START, **fields})


def make_account(username="wang", **fields):
    """An account with a password that need not be changed."""
    values = {"password": PASSWORD, "must_change_password": False, **fields}
    return public.create_account(username=username, by=BY, at=AT, **values)


@dataclass
class Office:
    """What most tests stand on: one person with an account on one post."""

    organ: object
    section: object
    post: object
    staff: object
    account: object
    roles: int = field(default=0)


@pytest.fixture
def roles(db, monkeypatch):
    """The roles that ship, with permissions of a component above."""
    for slug, holders in {
        "test.view": ("case_worker", "clerk", "organ_head", "grid_worker"),
        "test.handle": ("case_worker",),
        "test.approve": ("organ_head",),
        "test.visit": ("visitor",),
    }.items():
        monkeypatch.setitem(permissions._permissions, slug, permissions.Permission(slug, slug, holders))
    return public.load_default_roles(by=BY, at=AT)


@pytest.fixture
def office(roles):
    """An office with a section below it, and 王小明 as its case worker."""
    organ = make_organ("A", "甲街道办事处", kind="street_office")
    section = make_organ("A1", "甲街道城管科", kind="street_office", parent_id=organ.pk)
    post, staff = make_post(organ), make_staff()
    seat(staff, post)
    return Office(organ, section, post, staff, make_account(staff_id=staff.pk), roles)
