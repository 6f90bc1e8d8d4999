"""The page on which running cases are moved to the version that counts, and the part of an application on the page of a matter."""

import pytest
from django.test import Client
from django.urls import reverse

from zhitong.kernel.matters import public as m
from zhitong.lines.hall.actions.cases import Submitted
from zhitong.lines.hall.queries import cases as reading
from zhitong.lines.hall.queries import moving
from zhitong.ui.public import set_q

from .cases import Desk
from .factories import MATERIALS, later

NOW = later(2)


@pytest.fixture
def lagging(counter: Desk, monkeypatch: pytest.MonkeyPatch) -> Submitted:
    """An accepted case whose item has a newer version by now."""
    done = counter.accepted()
    fresh = [*MATERIALS[:3], {"name": "承诺书"}]
    counter.hall.published(counter.version.item, on=later(1).date(), materials=fresh, promised_days=8)
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    return done


def test_what_lags_behind_is_listed_for_those_who_may_move_it(counter: Desk, lagging: Submitted) -> None:
    closed = counter.closed(is_another=True, at=later(0))
    assert [case.pk for case in moving.behind(counter.decider, NOW.date())] == [lagging.matter_id]
    assert moving.behind(counter.examiner, NOW.date()) == []
    assert moving.behind(counter.other, NOW.date()) == []
    found = m.visible_matters(counter.decider).filter(set_q(reading.BEHIND, counter.decider, NOW))
    assert [row.pk for row in found] == [lagging.matter_id]
    assert counter.case(closed).version == counter.version


def test_what_lags_behind_is_turned_over_by_keys(
    counter: Desk, lagging: Submitted, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = counter.accepted(is_another=True, at=later(0))
    monkeypatch.setattr(moving, "PAGE", 1)
    by, on = counter.decider, NOW.date()
    every = [case.pk for case in moving.behind(by, on)]
    assert set(every) == {lagging.matter_id, newer.matter_id}
    first = moving.page_behind(by, on)
    second = moving.page_behind(by, on, after=first.after)
    back = moving.page_behind(by, on, before=second.before)
    pages = (first, second, back)
    assert [[case.pk for case in page.cases] for page in pages] == [every[:1], every[1:], every[:1]]
    assert [(bool(page.before), bool(page.after)) for page in pages] == [(False, True), (True, False), (False, True)]


def test_the_preview_says_what_changes_and_changes_nothing(counter: Desk, lagging: Submitted) -> None:
    before = m.Clock.objects.get(matter=lagging.matter_id, slug="promised")
    (pair,) = moving.preview(counter.decider, NOW, [lagging.matter_id])
    assert {change.field for change in pair.changes if not change.part} == {"promised_days"}
    assert {change.name for change in pair.changes if change.part == "material"} == {"健康证明", "承诺书"}
    (one,) = pair.cases
    assert one.missing == ["承诺书"]
    (later_,) = one.later
    assert later_.was == before.due_at
    assert counter.case(lagging).version == counter.version
    m.act(lagging.matter_id, "move", {"version": str(pair.new.pk), "reason": "新规"}, by=counter.decider, at=NOW)
    assert m.Clock.objects.get(matter=lagging.matter_id, slug="promised").due_at == later_.now
    assert moving.preview(counter.decider, NOW, [lagging.matter_id]) == []


def test_what_counts_is_offered_only_while_it_can_be_moved(counter: Desk, lagging: Submitted) -> None:
    counter.act(lagging.matter_id, "withdraw", counter.clerk, NOW)
    assert moving.behind(counter.decider, NOW.date()) == []


def test_pages_need_the_permission(client: Client) -> None:
    for name in ("moving", "moving_preview", "move"):
        page = reverse(f"hall:{name}")
        answer = client.get(page) if name == "moving" else client.post(page)
        assert answer.status_code == 302
        assert "next" in answer.headers["Location"]


def test_the_part_on_the_page_of_a_matter(counter: Desk, lagging: Submitted) -> None:
    part = reading.part_of(counter.matter(lagging), counter.examiner, NOW)
    assert part["is_behind"] is True
    assert [one.name for one in part["sheets"]] == [one["name"] for one in MATERIALS]
    assert part["stains"] == []
