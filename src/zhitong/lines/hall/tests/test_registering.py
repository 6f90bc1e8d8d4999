"""An approved change registration changes the register; a refused or withdrawn one changes nothing."""

from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.district import build
from zhitong.base.errors import Refused
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import Event
from zhitong.kernel.matters import public as m
from zhitong.kernel.register import public as register
from zhitong.kernel.register.public import NewFirm, firm_in_full, given_of
from zhitong.kernel.territory import public as territory
from zhitong.lines.hall.actions import smart as acting
from zhitong.lines.hall.actions.registering import register_draft
from zhitong.lines.hall.declarations.smart import _over
from zhitong.lines.hall.models import Handed, SmartDraft
from zhitong.lines.hall.queries import smart as reading

from .test_smart import BY, begun, firm, offered
from .test_smart_rules import FIRM, RIGHT, code

__all__ = ["firm", "offered"]
pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")


def submitted(firm: register.Firm, *kinds: str, **answers: Any) -> m.Matter:
    done = acting.submit_smart(firm, begun(firm, *kinds, **answers).pk, signed=True, by=BY, at=timezone.now())
    return m.Matter.objects.get(pk=done.matter_id)


def act(matter: m.Matter, action: str, **data: Any) -> m.Matter:
    return m.act(matter.pk, action, data, by=SYSTEM, at=timezone.now())


def examined(matter: m.Matter) -> m.Matter:
    act(matter, "accept", signed=True)
    return act(matter, "examine", passes=True, opinion="符合")


def registered(firm: register.Firm) -> NewFirm:
    return given_of(firm_in_full(firm.pk))


def test_two_facts_are_changed_with_the_decision_and_the_next_form_begins_with_them(
    firm: register.Firm, offered: Any
) -> None:
    matter = submitted(firm, "name", "scope")
    assert registered(firm).name == FIRM.name
    examined(matter)
    assert registered(firm).name == FIRM.name
    act(matter, "decide", outcome="approved")
    now = registered(firm)
    assert (now.name, now.scope) == (RIGHT["name"]["new_name"], RIGHT["scope"]["new_scope"])
    assert (now.address, now.capital, now.legal.name) == (FIRM.address, FIRM.capital, FIRM.legal.name)
    event = Event.objects.get(kind="firm.changed", stream=firm.pk)
    assert set(event.data["changes"]) == {"name", "scope"}
    assert Event.objects.get(kind="application.decide").data["registered"] == ["name", "scope"]
    assert reading.begun(firm, ["scope"], timezone.now())["new_scope"] == RIGHT["scope"]["new_scope"]


@pytest.mark.parametrize("how", ["refused", "withdrawn", "open"])
def test_what_is_not_approved_changes_nothing(firm: register.Firm, offered: Any, how: str) -> None:
    matter = examined(submitted(firm, "name", "scope"))
    if how == "refused":
        act(matter, "decide", outcome="refused", words="名称不符合规定")
    elif how == "withdrawn":
        act(matter, "withdraw")
    assert (registered(firm).name, registered(firm).scope) == (FIRM.name, FIRM.scope)
    assert not Event.objects.filter(kind="firm.changed").exists()


def test_what_does_not_fit_any_more_is_not_granted(firm: register.Firm, offered: Any) -> None:
    matter = examined(submitted(firm, "name"))
    taken = replace(FIRM, code=code(2), name=RIGHT["name"]["new_name"], holders=(), officers=())
    register.register_firms([taken], by=BY, at=timezone.now())
    with pytest.raises(Refused) as refused:
        act(matter, "decide", outcome="approved")
    assert refused.value.code == "firm_name_taken"
    assert m.Matter.objects.get(pk=matter.pk).stage == "deciding"
    assert registered(firm).name == FIRM.name


def test_two_applications_add_up(firm: register.Firm, offered: Any) -> None:
    first, second = examined(submitted(firm, "name")), examined(submitted(firm, "scope"))
    for matter in (second, first):
        act(matter, "decide", outcome="approved")
    now = registered(firm)
    assert (now.name, now.scope) == (RIGHT["name"]["new_name"], RIGHT["scope"]["new_scope"])


def granted(firm: register.Firm, *kinds: str) -> m.Matter:
    matter = examined(submitted(firm, *kinds))
    return act(matter, "decide", outcome="approved")


def made(matter: m.Matter) -> m.Matter:
    for handed in Handed.objects.filter(application=matter.pk, state="deferred"):
        act(matter, "hand_in", material=str(handed.pk))
    return act(matter, "issue")


@pytest.mark.parametrize("kind", sorted(set(RIGHT) - {"address"}))
def test_revoked_it_is_as_before_whatever_was_changed(firm: register.Firm, offered: Any, kind: str) -> None:
    before = registered(firm)
    kinds = ("kind", "name") if kind == "kind" else (kind,)
    answers = {"new_name": "示范云杉科技股份有限公司"} if kind == "kind" else {}
    matter = examined(submitted(firm, *kinds, **answers))
    matter = made(act(matter, "decide", outcome="approved"))
    changed = Event.objects.get(kind="application.decide").data["registered"]
    act(matter, "revoke", ground="提供虚假材料")
    now = registered(firm)
    assert replace(now, liaison=before.liaison) == replace(before, liaison=before.liaison)
    assert now.liaison.name == before.liaison.name
    assert Event.objects.get(kind="application.revoke").data["restored"] == changed
    assert Event.objects.filter(kind="firm.changed", stream=firm.pk).count() == (2 if changed else 0)


def test_revoking_leaves_what_was_changed_later_elsewhere(firm: register.Firm, offered: Any) -> None:
    first, second = made(granted(firm, "name")), made(granted(firm, "scope"))
    act(first, "revoke", ground="提供虚假材料")
    assert (registered(firm).name, registered(firm).scope) == (FIRM.name, RIGHT["scope"]["new_scope"])
    act(second, "revoke", ground="提供虚假材料")
    assert registered(firm).scope == FIRM.scope


def test_not_revoked_over_a_later_change_until_that_is_undone(firm: register.Firm, offered: Any) -> None:
    first = made(granted(firm, "scope"))
    register.change_firm(firm.pk, by=BY, at=timezone.now(), scope="软件销售")
    with pytest.raises(Refused) as refused:
        act(first, "revoke", ground="提供虚假材料")
    assert refused.value.code == "firm_changed_since"
    assert "经营范围" in str(refused.value.message)
    assert m.Matter.objects.get(pk=first.pk).stage == "issued"
    assert registered(firm).scope == "软件销售"
    register.change_firm(firm.pk, by=BY, at=timezone.now(), scope=FIRM.scope)
    assert act(first, "revoke", ground="提供虚假材料").stage == "revoked"
    assert Event.objects.get(kind="application.revoke").data["restored"] == []


def test_not_revoked_where_the_old_name_is_another_firms(firm: register.Firm, offered: Any) -> None:
    matter = made(granted(firm, "name"))
    register.register_firms([replace(FIRM, code=code(2), holders=(), officers=())], by=BY, at=timezone.now())
    with pytest.raises(Refused) as refused:
        act(matter, "revoke", ground="提供虚假材料")
    assert refused.value.code == "firm_name_taken"
    assert registered(firm).name == RIGHT["name"]["new_name"]


@pytest.mark.parametrize("is_changed_since", [False, True])
def test_lapsed_after_it_was_granted_it_is_put_back_or_the_organ_is_told(
    firm: register.Firm, offered: Any, *, is_changed_since: bool
) -> None:
    matter = granted(firm, "scope")
    if is_changed_since:
        register.change_firm(firm.pk, by=BY, at=timezone.now(), scope="软件销售")
    assert act(matter, "lapse").stage == "lapsed"
    assert registered(firm).scope == ("软件销售" if is_changed_since else FIRM.scope)
    said = Event.objects.get(kind="application.lapse").data
    assert (said.get("restored"), said.get("not_restored")) == (
        (None, "firm_changed_since") if is_changed_since else (["scope"], None)
    )


def test_a_draft_is_kept_as_long_as_its_application_is_open(firm: register.Firm, offered: Any) -> None:
    matter, later = submitted(firm, "name"), timezone.now() + timedelta(days=1)
    assert not _over(later).exists()
    act(matter, "withdraw")
    assert _over(later).get() == SmartDraft.objects.get()


@pytest.mark.parametrize("kind", sorted(RIGHT))
def test_every_kind_registers_what_its_forms_say(firm: register.Firm, kind: str) -> None:
    answers: dict[str, Any] = {}
    street = territory.node(build().streets["street"]) if kind == "address" else None
    if street:
        answers["new_division"] = street.code
    kinds = ("kind", "name") if kind == "kind" else (kind,)
    if kind == "kind":
        answers["new_name"] = "示范云杉科技股份有限公司"
    draft = begun(firm, *kinds, **answers)
    wanted = reading.look(draft, firm, timezone.now()).case.after
    register_draft(draft, at=timezone.now())
    now = registered(firm)
    for one in fields(NewFirm):
        if one.name not in ("division_id", "liaison", "legal", "officers", "holders"):
            assert getattr(now, one.name) == getattr(wanted, one.name), one.name
    for part in ("legal", "liaison"):
        assert getattr(now, part).name == getattr(wanted, part).name
    assert [(h.name, h.amount) for h in now.holders] == [(h.name, h.amount) for h in wanted.holders]
    assert [(o.name, o.duty) for o in now.officers] == [(o.name, o.duty) for o in wanted.officers]
    if street:
        assert now.division_id == street.id
