"""What a person sees in a list is exactly what they may open: the two ways of asking agree."""

from uuid import uuid4

from hypothesis import given, settings
from hypothesis import strategies as st

from zhitong.kernel.accounts.public import Actor, Granted
from zhitong.kernel.matters import public as m
from zhitong.kernel.matters.permissions import sees

from .conftest import MONDAY, Room

SCOPES = ("all", "organ", "division", "own")


@settings(max_examples=40)
@given(
    scopes=st.lists(st.sampled_from(SCOPES), max_size=3),
    has_task=st.booleans(),
    is_own_organ=st.booleans(),
    is_mine=st.booleans(),
    has_account=st.booleans(),
    permission=st.sampled_from(["matters.view", "other"]),
)
def test_lists_and_single_matters_agree(
    room: Room, scopes: list[str], has_task: bool, is_own_organ: bool, is_mine: bool, has_account: bool, permission: str
) -> None:
    opened = room.given() if has_task else room.open()
    organ = room.organ if is_own_organ else room.other
    account = uuid4() if has_account else None
    if is_mine and account:
        m.Matter.objects.filter(pk=opened.matter_id).update(opened_by=account)
    granted = tuple(
        Granted(
            frozenset({permission}), scope=s, organ_id=organ.pk, organ_ids=frozenset({organ.pk}), division_id=uuid4()
        )
        for s in scopes
    )
    by = Actor(kind="staff", label="x", account_id=account, grants=granted)
    matter = m.Matter.objects.get(pk=opened.matter_id)
    listed = m.visible_matters(by).filter(pk=matter.pk).exists()
    assert listed == sees(by, matter, list(matter.tasks.all()))


def test_nobody_owns_what_nobody_opened(room: Room) -> None:
    opened = m.open_matter(room.opening(), by=Actor.resident(), at=MONDAY)
    by = Actor(kind="staff", label="x", grants=(Granted(frozenset({"matters.view"}), scope="own"),))
    assert not m.visible_matters(by).filter(pk=opened.matter_id).exists()
