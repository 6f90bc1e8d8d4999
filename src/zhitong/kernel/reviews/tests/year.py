"""A generated year of services and reviews, always the same for the same seed; and a recount over the raw rows.

An ordinary year of a district is 186,000 services, 42.76 % of them reviewed, 99.82 % of the reviews in the first three grades.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.reviews import public as r

FULL, PARTICIPATION, SATISFACTION = 186_000, 0.4276, 0.9982
SHANGHAI = ZoneInfo("Asia/Shanghai")
BY = Actor.system("generated year")
GOOD, BAD = ((5, 88), (4, 9), (3, 3)), ((2, 60), (1, 40))


@dataclass
class Year:
    """What is served where: organs with their windows, items, streets or what lies below them; some nowhere."""

    points: Sequence[r.Point]
    items: Sequence[tuple[UUID, str]]
    streets: Sequence[UUID]
    first: date
    days: int = 365
    seed: int = 39734
    random: Random = field(init=False)

    def __post_init__(self) -> None:
        self.random = Random(self.seed)

    def _moment(self, day: date) -> datetime:
        start = datetime(day.year, day.month, day.day, 1, tzinfo=UTC)  # 9:00 in Shanghai
        return start + timedelta(seconds=self.random.randrange(8 * 3600))

    def _giving(self, day: date) -> r.Giving:
        pick, item = self.random, self.random.choice(self.items)
        point = pick.choice(self.points)
        way = pick.choices(("counter", "online", "telephone"), (60, 35, 5))[0]
        return r.Giving(
            "hall", point.organ_id, way, point_id=point.pk if way == "counter" else None, item=item[0], item_label=item[1],
            division_id=pick.choice([None, *self.streets]), served_at=self._moment(day), with_code=way != "telephone",
        )  # fmt: skip

    def _judgement(self) -> r.Judgement:
        marks, shares = zip(*(GOOD if self.random.random() < SATISFACTION else BAD), strict=True)
        return r.Judgement(self.random.choices(marks, shares)[0])

    def live(self, services: int) -> None:
        """Write so many services, spread over the days, and the reviews of them; a transaction a day."""
        for n in range(self.days):
            today = services * (n + 1) // self.days - services * n // self.days
            day = self.first + timedelta(days=n)
            with transaction.atomic():
                givings = [self._giving(day) for _ in range(today)]
                served = r.served_many(givings, by=BY, at=self._moment(day))
                judged = []
                for giving, one in zip(givings, served, strict=True):
                    if self.random.random() < PARTICIPATION:
                        assert giving.served_at is not None
                        later = timedelta(minutes=self.random.choice((1, 5, 60, 60 * 24 * 3)))
                        judged.append((one.service_id, self._judgement(), giving.served_at + later))
                r.judge_many(judged, by=BY)


RECOUNT = """
SELECT {key}, count(*) FILTER (WHERE mark IS NULL), count(*) FILTER (WHERE mark IS NOT NULL),
       count(*) FILTER (WHERE mark >= 3)
FROM (SELECT organ_id AS organ, point_id AS point, item, area_id AS area, served_at AS at, NULL AS mark
      FROM reviews_service WHERE is_counted
      UNION ALL
      SELECT organ_id, point_id, item, area_id, at, mark FROM reviews_review
      WHERE is_counted AND round = 1 AND excluded_at IS NULL) x
WHERE (at AT TIME ZONE 'Asia/Shanghai')::date BETWEEN %s AND %s AND (%s::uuid IS NULL OR area = %s) GROUP BY 1"""
KEYS = {"": "NULL::text", "month": "date_trunc('month', at AT TIME ZONE 'Asia/Shanghai')::date"}


def recount(by: str, start: date, end: date, area: UUID | None = None) -> dict[Any, tuple[int, int, int]]:
    """Services, reviews and those in the first three grades of each organ, window, … in the raw rows, of one street if it is named."""
    with connection.cursor() as cursor:
        cursor.execute(RECOUNT.format(key=KEYS.get(by, by)), [start, end, area, area])
        return {key: tuple(counted) for key, *counted in cursor.fetchall()}
