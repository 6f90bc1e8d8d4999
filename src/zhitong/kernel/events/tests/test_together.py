"""Several questions in one message."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import Value

from .. import public as events
from ..models import Mark

pytestmark = pytest.mark.django_db


def test_each_has_what_it_asked_for(django_assert_num_queries: Callable[..., Any]) -> None:
    for name in ("one", "other"):
        events.set_mark(name)
    rows = Mark.objects.filter(name__in=["one", "other"]).order_by("name")
    percent, nothing = rows.filter(name__startswith="o").annotate(said=Value("100%")), rows.filter(name__in=[])
    names, last = rows.values_list("name", flat=True), rows.filter(name="other")
    with django_assert_num_queries(1):
        events.read_together(percent, nothing, names, last)
        assert [(row.name, row.said) for row in percent] == [("one", "100%"), ("other", "100%")]
        assert (list(nothing), list(names), [row.name for row in last]) == ([], ["one", "other"], ["other"])
    with django_assert_num_queries(1):  # and what follows from one of them is asked anew
        assert [row.name for row in percent.filter(name="one")] == ["one"]
