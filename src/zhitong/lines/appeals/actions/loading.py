"""Loading appeals from a table, by the same statements as every other opening; and passing them on."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from zhitong.base.errors import Refused
from zhitong.base.text import clean
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.matters import public as m
from zhitong.kernel.organisation.public import Category, Duty, DutyRole, Organ, responsible, valid_on

from ..rules import moment_of

KIND, SUBKIND = "appeal", "report"
BATCH = 500
COLUMNS = ("id", "title", "submitted_at", "body", "category")
# What ministries and their lists were called before.
FORMER = {"劳动和社会保障": "劳动社保", "卫生计生": "卫生健康"}


@dataclass
class Loaded:
    """How it went: numbers of new and known appeals, of those passed on, and what was wrong in which row."""

    opened: int = 0
    known: int = 0
    passed: int = 0
    errors: list[tuple[int, str]] = field(default_factory=list)
    unknown_categories: Counter[str] = field(default_factory=Counter)
    rows: list[tuple[UUID, UUID | None]] = field(default_factory=list)


@dataclass(slots=True)
class _Row:
    number: int
    opening: m.Opening


def load_appeals(rows: Iterable[Mapping[str, str]], *, source: str, by: Actor, at: datetime) -> Loaded:
    """Open an appeal for each row (id, title, submitted_at, body, category).  Rows that are wrong are told and left out.

    ``source`` and the row's id are the key: loading the same file again opens nothing twice.
    """
    done = Loaded()
    good = _good(rows, source, at, done)
    while batch := list(islice(good, BATCH)):
        _open(batch, done, by, at)
    return done


def _good(rows: Iterable[Mapping[str, str]], source: str, at: datetime, done: Loaded) -> Iterator[_Row]:
    categories, seen = _categories(), set[str]()
    for number, row in enumerate(rows, start=2):
        try:
            found = _read(row, source, at, categories, done)
        except Refused as refused:
            done.errors.append((number, str(refused)))
            continue
        if found.key in seen:
            done.errors.append((number, _("编号“%(id)s”在文件中重复。") % {"id": clean(row["id"])}))
            continue
        seen.add(found.key)
        yield _Row(number, found)


def _read(
    row: Mapping[str, str], source: str, at: datetime, categories: Mapping[str, UUID], done: Loaded
) -> m.Opening:  # fmt: skip
    values = {name: clean(str(row.get(name) or "")) for name in COLUMNS}
    if not values["id"]:
        raise Refused("no_id", _("缺少编号（id）。"))
    raised_at = moment_of(values["submitted_at"])
    if raised_at is None or raised_at > at:
        raise Refused(
            "bad_moment", _("提交时间“%(text)s”无法识别，或晚于现在。") % {"text": values["submitted_at"][:40]}
        )
    name = FORMER.get(values["category"], values["category"])
    category = categories.get(name)
    if name and category is None:
        done.unknown_categories[name] += 1
    return m.Opening(
        kind=KIND, subkind=SUBKIND, title=values["title"], text=values["body"] or values["title"], channel=m.Channel.SYSTEM,
        category_id=category, key=f"load:{source}:{values['id']}"[:100], at=raised_at, facts={"loaded": source},
    )  # fmt: skip


def _categories() -> dict[str, UUID]:
    """Categories by name and by code, the higher level first where two have the same name."""
    found: dict[str, UUID] = {}
    for pk, name, code in (
        Category.objects.filter(is_active=True).order_by("level", "sort").values_list("pk", "name", "code")
    ):
        found.setdefault(name, pk)
        found.setdefault(code, pk)
    return found


def _open(batch: Sequence[_Row], done: Loaded, by: Actor, at: datetime) -> None:
    """All at once; when one is refused, each by itself, so that a bad row harms nobody."""
    try:
        opened = m.open_many([row.opening for row in batch], by=by, at=at)
    except Refused as refused:
        if len(batch) == 1:
            done.errors.append((batch[0].number, str(refused)))
            return
        middle = len(batch) // 2
        _open(batch[:middle], done, by, at)
        _open(batch[middle:], done, by, at)
        return
    for row, one in zip(batch, opened, strict=True):
        done.known += one.was_known
        done.opened += not one.was_known
        done.rows.append((one.matter_id, row.opening.category_id))


# Passing on


def pass_loaded(done: Loaded, organs: Mapping[str, str], *, by: Actor, at: datetime) -> None:
    """Pass on what still waits for it and has a category: to the organ that ``organs`` names for it (category: organ, each by name
    or code), else to the one of the duty list."""
    leads: dict[UUID, UUID | None] = _named(organs, at)
    waiting = m.Matter.objects.filter(pk__in=[pk for pk, _category in done.rows], stage="received")
    ids = set(waiting.values_list("pk", flat=True))
    for matter_id, category_id in done.rows:
        if category_id is None or matter_id not in ids:
            continue
        if category_id not in leads:
            leads[category_id] = _by_duty(category_id, at)
        if (lead := leads[category_id]) is not None:
            data = {
                "category": category_id,
                "lead": lead,
                "urgency": m.Urgency.NORMAL,
                "reason": _("按职责清单批量转办"),
            }
            m.act(matter_id, "pass", data, by=by, at=at)
            done.passed += 1


def _named(organs: Mapping[str, str], at: datetime) -> dict[UUID, UUID | None]:
    categories = _categories()
    live = Organ.objects.filter(valid_on(timezone.localdate(at)))
    ids = {text: pk for pk, name, code in live.values_list("pk", "name", "code") for text in (name, code)}
    for category, organ in organs.items():
        if FORMER.get(category, category) not in categories or organ not in ids:
            raise Refused(
                "bad_mapping", _("类别“%(category)s”或单位“%(organ)s”不存在。") % {"category": category, "organ": organ}
            )
    return {categories[FORMER.get(category, category)]: ids[organ] for category, organ in organs.items()}


def _by_duty(category_id: UUID, at: datetime) -> UUID | None:
    """Who answers for the category; for one that only its parts are shared out of, whoever has most of them."""
    on = timezone.localdate(at)
    answer = next((a for a in responsible(category_id, None, on) if a.role == DutyRole.LEAD), None)
    if answer is not None:
        return answer.organ_id
    duties = Duty.objects.filter(
        valid_on(on), category__path__contains=[category_id], role=DutyRole.LEAD, division=None
    )
    most = Counter(duties.values_list("organ", flat=True)).most_common(1)
    return most[0][0] if most else None
