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
from zhitong.lines.hall.models import SmartDraft
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
