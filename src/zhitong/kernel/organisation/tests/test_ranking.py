"""The ranking against an oracle that looks at every duty for itself."""

from datetime import date, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from ..rules import Claim, by_place, first_lead, ranked

DAY = date(2025, 1, 1)
CATEGORIES = [UUID(int=i) for i in range(1, 6)]
DIVISIONS = [UUID(int=i) for i in range(11, 17)]
ORGANS = [UUID(int=i) for i in range(21, 25)]

days = st.integers(0, 8).map(lambda n: DAY + timedelta(days=n))


@st.composite
def claims(draw):
    count = draw(st.integers(0, 12))
    found = []
    for number in range(count):
        start = draw(days)
        lasts = draw(st.none() | st.integers(0, 8))
        end = None if lasts is None else start + timedelta(days=lasts)
        category = draw(st.none() | st.sampled_from(CATEGORIES))
        division = draw(st.none() | st.sampled_from(DIVISIONS))
        organ = draw(st.sampled_from(ORGANS))
        role = draw(st.sampled_from(["lead", "co"]))
        found.append(Claim(UUID(int=100 + number), organ, role, category, division, start, end))
    return found


paths = st.permutations(CATEGORIES).flatmap(lambda p: st.integers(0, 3).map(lambda n: p[:n]))
places = st.permutations(DIVISIONS).flatmap(lambda p: st.integers(0, 4).map(lambda n: p[:n]))


def naive(rows, categories, divisions, on):
    """Every duty that fits, sorted, each organ as it first appears."""
    depth = {None: 0, **{c: i for i, c in enumerate(categories, 1)}}
    reach = {None: 0, **{d: i for i, d in enumerate(divisions, 1)}}
    fitting = [
        c
        for c in rows
        if c.category_id in depth
        and c.division_id in reach
        and c.valid_from <= on
        and not (c.valid_to is not None and c.valid_to <= on)
    ]
    fitting.sort(
        key=lambda c: (
            -depth[c.category_id],
            -reach[c.division_id],
            ["lead", "co"].index(c.role),
            -c.valid_from.toordinal(),
            c.duty_id,
        )
    )
    seen, kept = set(), []
    for claim in fitting:
        if claim.organ_id not in seen:
            seen.add(claim.organ_id)
            kept.append(claim)
    return kept


@given(claims(), paths, places, days)
def test_ranking_equals_the_oracle(rows, categories, divisions, on):
    assert ranked(by_place(rows), categories, divisions, on) == naive(rows, categories, divisions, on)


def test_the_first_lead_decides():
    co = Claim(UUID(int=1), ORGANS[0], "co", None, None, DAY, None)
    lead = Claim(UUID(int=2), ORGANS[1], "lead", None, None, DAY, None)

    assert first_lead([co, lead]) == lead
    assert first_lead([co]) is None


def test_a_duty_ends_on_the_day_before_its_last_day():
    claim = Claim(UUID(int=1), ORGANS[0], "lead", None, None, DAY, DAY + timedelta(days=1))

    assert claim.is_valid_on(DAY)
    assert not claim.is_valid_on(DAY + timedelta(days=1))
