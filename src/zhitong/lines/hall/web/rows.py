"""Forms that hold rows: added, removed and put in order by buttons, each a request that keeps whatever was typed."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict

Raw = dict[str, Any]


class Rows:
    """The rows of one kind in a form.  Their names in the request are ``prefix-number-field``."""

    def __init__(self, form: type[forms.Form], prefix: str, most: int) -> None:
        self.form, self.prefix, self.most = form, prefix, most

    def read(self, data: QueryDict) -> list[Raw]:
        """What was typed into each row, as it came."""
        fields = self.form().fields
        numbers = {name.split("-")[1] for name in data if name.startswith(f"{self.prefix}-") and name.count("-") == 2}
        found = sorted(int(n) for n in numbers if n.isascii() and n.isdigit() and len(n) < 4)[: self.most + 1]
        return [
            {
                name: field.widget.value_from_datadict(data, {}, f"{self.prefix}-{number}-{name}")
                for name, field in fields.items()
            }
            for number in found
        ]

    def fresh(self, rows: list[Raw]) -> list[forms.Form]:
        """The rows as forms that say nothing of mistakes."""
        return [self.form(prefix=f"{self.prefix}-{number}", initial=row) for number, row in enumerate(rows)]

    def bound(self, rows: list[Raw]) -> list[forms.Form]:
        """The rows as forms that were sent.  Rows in which nothing was typed are left out."""
        filled = [row for row in rows if any(value for name, value in row.items() if name in self.form.TYPED)]  # type: ignore[attr-defined]
        return [
            self.form(
                {f"{self.prefix}-{number}-{name}": value for name, value in row.items()},
                prefix=f"{self.prefix}-{number}",
            )
            for number, row in enumerate(filled)
        ]


def moved(rows: list[Raw], what: str, number: int) -> tuple[list[Raw], int]:
    """The rows after a button: ``add``, ``up``, ``down`` or ``drop``; and the row that has the focus then."""
    rows = list(rows)
    if what == "add":
        return [*rows, {}], len(rows)
    if not 0 <= number < len(rows):
        return rows, max(0, len(rows) - 1)
    if what == "drop":
        del rows[number]
        return rows, min(number, len(rows) - 1)
    to = max(0, min(len(rows) - 1, number + (-1 if what == "up" else 1)))
    rows.insert(to, rows.pop(number))
    return rows, to


def asked_for(text: str) -> tuple[str, str, int] | None:
    """What a button of a row asks for: ``up:m:3`` is (up, m, 3); None for any other button."""
    parts = text.split(":")
    if len(parts) != 3 or parts[0] not in ("add", "up", "down", "drop"):
        return None
    number = int(parts[2]) if parts[2].isascii() and parts[2].isdigit() and len(parts[2]) < 4 else 0
    return parts[0], parts[1], number


def typed(form: type[forms.Form], data: QueryDict) -> Mapping[str, Any]:
    """What was typed into the fields of a form, as it came."""
    return {name: field.widget.value_from_datadict(data, {}, name) for name, field in form().fields.items()}
