"""What can be picked in the form of an action on a matter."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.matters.public import (
    KINDS,
    Ask,
    Choose,
    Clock,
    ClockState,
    Matter,
    Task,
    category_path,
    phrases,
    reasons,
    subkinds,
    visible_matters,
)
from zhitong.kernel.organisation.public import Heading, Node, category_tree, organs_on, staff_of
from zhitong.kernel.territory import public as territory

from ..formats import moment, named

Pairs = Iterable[tuple[object, str]]
MOST_CANDIDATES = 30
SEPARATOR = " / "


def no_choices(_name: str, _ask: Ask) -> Pairs:
    """For payloads that pick nothing from a list."""
    return ()


def organ_choices(on: date) -> Pairs:
    """Organs in being on that day, by pinyin."""
    return [(organ.id, str(organ)) for organ in organs_on(on)]


def category_choices() -> Pairs:
    """The lowest categories in use as whole paths: "城乡建设 / 市政设施 / 路灯照明"."""

    def walk(nodes: Sequence[Node[Heading]], above: tuple[str, ...]) -> Pairs:
        for node in nodes:
            path = (*above, named(node.item))
            if node.children:
                yield from walk(node.children, path)
            else:
                yield node.item.id, SEPARATOR.join(path)

    return walk(category_tree(), ())


def division_choices(near: UUID | None = None) -> Pairs:
    """Streets and communities as paths, and the grids of the community around ``near``."""
    nodes = territory.tree().nodes
    around = set(nodes[near].path) if near in nodes else set()
    for level in (territory.Level.STREET, territory.Level.COMMUNITY, territory.Level.GRID):
        for node in territory.of_level(level):
            if level != territory.Level.GRID or node.parent_id in around:
                yield node.id, territory.label(node.id).replace(" · ", SEPARATOR)


@dataclass
class MatterChoices:
    """The values of every kind of question, for one person and one matter."""

    matter: Matter
    tasks: Sequence[Task]
    clocks: Sequence[Clock]
    by: Actor
    at: datetime

    def __call__(self, _name: str, ask: Ask) -> Pairs:
        if ask.phrases:
            values = {"number": self.matter.number, "title": self.matter.title, "address": self.matter.address}
            return phrases(ask.phrases, category_path(self.matter.category_id), values)
        match ask.choose:
            case Choose.ORGAN:
                return organ_choices(self.today)
            case Choose.STAFF:
                return self._colleagues()
            case Choose.CATEGORY:
                return category_choices()
            case Choose.DIVISION:
                return division_choices(self.matter.division_id)
            case Choose.SUBKIND:
                return [(s.pk, named(s)) for s in subkinds(self.matter.kind)]
            case Choose.REASON:
                return [(r.pk, named(r)) for r in reasons(ask.reasons)]
            case Choose.MATTER:
                return self._others()
            case Choose.CHOICE:
                return self._clocks()
        return ask.own(self.matter) if ask.own else ()

    @property
    def today(self) -> date:
        """The day in the district's time."""
        return timezone.localdate(self.at)

    def begins(self, ask: Ask) -> object:
        """What the form starts with, as far as the matter, or who fills it in, says it already."""
        return ask.begins(self.matter, self.by) if ask.begins else None

    def find_matter(self, number: str) -> UUID | None:
        """The id of another visible matter of that kind and number."""
        found = visible_matters(self.by).filter(number=number, kind=self.matter.kind).exclude(pk=self.matter.pk)
        return found.values_list("pk", flat=True).first()

    def _others(self) -> Pairs:
        """Open matters of the same street, newest first, by number."""
        ends = [s.slug for s in KINDS[self.matter.kind].stages if s.is_end]
        rows = visible_matters(self.by).filter(kind=self.matter.kind, area=self.matter.area_id).exclude(stage__in=ends)
        rows = rows.exclude(pk=self.matter.pk).order_by("-id")[:MOST_CANDIDATES]
        return [(number, f"{number} {title}") for number, title in rows.values_list("number", "title")]

    def _colleagues(self) -> Pairs:
        """The people of the own organs that have an open task."""
        mine = {i for granted in self.by.grants for i in granted.organ_ids | {granted.organ_id}} | self.by.organ_ids
        organs = {t.organ_id for t in self.tasks if t.state == "open" and t.organ_id in mine}
        seats = (seat for organ in organs for seat in staff_of(organ, self.today))
        people = {seat.staff_id: f"{seat.staff.name}（{seat.post.title}）" for seat in seats}
        return people.items()

    def _clocks(self) -> Pairs:
        labels = {c.slug: c.label for c in KINDS[self.matter.kind].clocks}
        live = [c for c in self.clocks if c.state in (ClockState.RUNNING, ClockState.PAUSED)]
        return [
            (c.slug, _("%(clock)s（%(due)s到期）") % {"clock": labels[c.slug], "due": moment(c.due_at)}) for c in live
        ]
