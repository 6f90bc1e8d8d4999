"""What ships is written once, and what the district made of it stays."""

import pytest

from .. import public as m
from ..models import Limit, Reason

pytestmark = pytest.mark.django_db

SHIPPED = {"return": (("not_ours", "不属于本单位职责", "Not our duty"), ("unclear", "内容不清", "Not clear"))}


def test_a_reason_the_district_renamed_stays() -> None:
    m.supply_reasons({"return": SHIPPED["return"][:1]})
    Reason.objects.filter(slug="not_ours").update(name="非本单位职责", is_active=False)
    m.supply_reasons(SHIPPED)
    found = Reason.objects.filter(list="return").order_by("sort").values_list("slug", "name", "is_active", "sort")
    assert list(found) == [("not_ours", "非本单位职责", False, 10), ("unclear", "内容不清", True, 20)]


def test_a_limit_of_all_kinds_is_one_though_it_names_none() -> None:
    for amount in (5, 7):
        m.supply(Limit(kind="note", clock="answer", amount=amount, unit=m.Unit.WORKING_DAYS, basis="测试"))
    assert [limit.amount for limit in Limit.objects.filter(kind="note", clock="answer")] == [5]
