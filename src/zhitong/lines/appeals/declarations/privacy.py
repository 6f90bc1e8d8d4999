"""What appeals hold of people besides their matters: rows of work orders that were left out."""

import json
from collections.abc import Iterator

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from zhitong.base import citizen
from zhitong.base.holdings import Case, Held, Holding, declare_holding
from zhitong.base.retention import RecordKind, declare_record_kind
from zhitong.kernel.accounts.public import Actor, keyring
from zhitong.kernel.register.public import ContactKind, contacts_of

from ..actions.orders import forget_imports, old_imports
from ..models import OrderProblem
from ..queries.problems import PLACE


def _cells(row: OrderProblem) -> list[str]:
    found: list[str] = json.loads(keyring().open(bytes(row.sealed), PLACE))
    return found


def _theirs(case: Case) -> Iterator[tuple[OrderProblem, list[str]]]:
    """Rows in which one of the person's telephone numbers stands; they are kept for some weeks only, so that all are looked at."""
    numbers = {c.value for c in contacts_of([case.person_id]).get(case.person_id, []) if c.kind == ContactKind.PHONE}
    if not numbers:
        return
    for row in OrderProblem.objects.select_related("run").order_by("id").iterator():
        cells = _cells(row)
        if any(citizen.phone(cell) in numbers for cell in cells):
            yield row, cells


def _look(case: Case) -> list[Held]:
    return [
        Held(row.pk, gettext("%(file)s 第%(row)s行") % {"file": row.run.name, "row": row.row}, row.run.created_at,
             [(gettext("内容"), " | ".join(cells))])
        for row, cells in _theirs(case)
    ]  # fmt: skip


def _erase(case: Case, by: Actor) -> int:
    return OrderProblem.objects.filter(pk__in=[row.pk for row, _cells_of in _theirs(case)]).delete()[0]


def declare() -> None:
    """Tell who asks."""
    declare_holding(
        Holding(
            "appeals.orders",
            _("未导入的热线工单行"),
            ("appeals.OrderProblem", "appeals.OrderImport"),
            _look,
            _erase,
            30,
        )
    )
    declare_record_kind(RecordKind(
        "appeals.imports", _("热线工单文件与未导入的行"), _("《个人信息保护法》第十九条：为实现处理目的所必要的最短时间"), 30,
        counts_from=pgettext_lazy("term from", "上传"), count=lambda before: old_imports(before).count(),
        destroy=lambda before: forget_imports(before=before),
    ))  # fmt: skip
