"""The forms of the pages of teams."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from zhitong.ui.public import DateInput, RefusableForm, SearchSelect

from ..queries.teams import colleagues, reserves

CHOOSE = _("请选择")


class _OfStreet(RefusableForm):
    """Offers the people of a street."""

    def offer(self, name: str, street_id: UUID, on: date, *, none: Any = CHOOSE) -> None:
        """Those who may be sent to its grids."""
        self._choices(name, [("", none), *colleagues(street_id, on)])

    def _choices(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


def _person(label: Any, *, required: bool = True) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, required=required, widget=SearchSelect, error_messages={"required": _("请选择人员。")}
    )


class HandOverForm(_OfStreet):
    """A new principal worker."""

    staff = _person(_("网格员"))
    on = forms.DateField(label=_("自哪天起"), widget=DateInput())

    def __init__(self, *args: Any, street_id: UUID, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"on": today}, **kwargs})
        self.offer("staff", street_id, today)


class StandInForm(_OfStreet):
    """Somebody who stands in for some days."""

    staff = _person(_("替班人"))
    first = forms.DateField(label=_("第一天"), widget=DateInput())
    last = forms.DateField(label=_("最后一天"), widget=DateInput())

    def __init__(self, *args: Any, street_id: UUID, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"first": today}, **kwargs})
        self.offer("staff", street_id, today)


class CallForm(StandInForm):
    """The reserve is called out."""

    staff = _person(_("机动队员"))

    def offer(self, name: str, street_id: UUID, on: date, *, none: Any = CHOOSE) -> None:
        """The reserve team only."""
        self._choices(name, [("", none), *((str(one.staff_id), one.staff.name) for one in reserves(street_id))])


class LeaveForm(_OfStreet):
    """Somebody is away."""

    staff = _person(_("请假人"))
    first = forms.DateField(label=_("第一天"), widget=DateInput())
    last = forms.DateField(label=_("最后一天"), widget=DateInput())
    substitute = _person(_("替班人"), required=False)

    def __init__(self, *args: Any, street_id: UUID, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"first": today}, **kwargs})
        self.offer("staff", street_id, today)
        self.offer("substitute", street_id, today, none=_("暂不安排"))


class ReserveForm(_OfStreet):
    """Somebody joins the reserve team."""

    staff = _person(_("加入机动队"))

    def __init__(self, *args: Any, street_id: UUID, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("staff", street_id, today)
