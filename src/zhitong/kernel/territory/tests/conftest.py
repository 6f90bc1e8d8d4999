"""A small district: two streets, three communities, shapes for the district."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
import shapely

from zhitong.base.errors import NotAllowed

from .. import public as t

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # 2 March 2026, 9:00 in China
TODAY = date(2026, 3, 2)
START = date(2025, 1, 1)
SQUARE = shapely.box(117.0, 36.5, 117.1, 36.6)
LINES = [
    t.Listed("990101", "甲区"),
    t.Listed("990101001", "东风路街道"),
    t.Listed("990101001001", "东风社区居民委员会"),
    t.Listed("990101001002", "西河村村民委员会"),
    t.Listed("990101002", "南山街道办事处"),
    t.Listed("990101002001", "南山社区居委会"),
]


class By:
    """Somebody who may do everything, or nothing."""

    post_id = None

    def __init__(self, allowed=True):
        self.account_id = uuid4()
        self.label = "测试员"
        self.allowed = allowed

    def demand_everywhere(self, permission):
        assert permission == t.MANAGE
        if not self.allowed:
            raise NotAllowed("not_allowed", "不可以")


BY = By()


@pytest.fixture
def district(db):
    """The district without shapes."""
    t.import_list(LINES, by=BY, at=AT, on=START)
    return t.by_code("990101")


@pytest.fixture
def shaped(district):
    """The same with ten grids and shapes for all."""
    t.import_shapes([("990101", SQUARE)], by=BY, at=AT, on=START)
    t.make_grids(district.id, 10, by=BY, at=AT, on=START, seed=1)
    t.make_provisional_shapes(district.id, by=BY, at=AT, on=START, seed=1)
    return district


def of(code):
    """The division that has the code now."""
    return t.by_code(code)


def kinds(division_id):
    """The kinds of the events of a division, in order."""
    from zhitong.kernel.events.public import Event

    return list(Event.objects.filter(stream=division_id).order_by("seq").values_list("kind", flat=True))
