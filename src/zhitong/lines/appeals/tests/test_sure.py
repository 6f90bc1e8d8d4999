"""Appeals that pass by themselves."""

from datetime import timedelta
from typing import Any

import pytest

from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.dispatch import public as d
from zhitong.kernel.events.public import stream
from zhitong.kernel.matters.public import Matter
from zhitong.lines.appeals.actions.sure import form_of_pass
from zhitong.lines.appeals.declarations.measures import MEASURES

from .factories import MONDAY, District


def filled(place: District, **more: Any) -> dict[str, object] | None:
    matter = Matter.objects.get(pk=place.open(**more).matter_id)
    found = form_of_pass(matter, place.category.pk, place.street.pk, [], "自动转办")
    return dict(found) if found else None


def test_only_what_is_neither_urgent_nor_a_danger_passes_by_itself(place: District) -> None:
    assert filled(place) is not None
    assert filled(place, text="楼道着火了") is None
    assert filled(place, text="小区停水两天了") is None
    assert filled(place, urgency="urgent") is None


@pytest.mark.parametrize("is_automatic", [True, False])
def test_it_is_counted(is_automatic: bool, place: District) -> None:
    """Only what the system passed, not what a person did."""
    from zhitong.kernel.matters.public import act

    opened = place.open()
    matter = Matter.objects.get(pk=opened.matter_id)
    data = dict(form_of_pass(matter, place.category.pk, place.street.pk, [], "自动转办") or {})
    by = Actor.system("智能转办") if is_automatic else place.dispatcher
    act(matter.pk, "pass", data, by=by, at=MONDAY + timedelta(minutes=5))
    event = stream(matter.pk).get(kind="appeal.pass")
    read = next(read for slug, _label, _unit, _kinds, read in MEASURES if slug == "auto_passed")
    assert read(event) == (1 if is_automatic else None)


def test_the_line_declares_how_it_passes() -> None:
    assert (d.PASSING["appeal"].stage, d.PASSING["appeal"].action) == ("received", "pass")
