"""Reviews: once for each service, by whoever has its code, and what a bad one sets going."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from zhitong.base.bulk import together, write_rows
from zhitong.base.errors import Conflict, NotFound, Refused
from zhitong.base.identifiers import uuid7_at
from zhitong.base.text import clean, tsvector
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import Happening, record_many
from zhitong.kernel.matters.public import Matter, reasons
from zhitong.kernel.register.public import NewPerson, find_or_create_many

from .. import rules
from ..choices import KIND, MENDED, Mark, Source, Way
from ..models import Point, Review, Service
from ..queries import codes
from .opening import open_rectifications
from .serving import Giving, dims, served_many

COLUMNS = (
    "id", "service_id", "round", "line", "organ_id", "point_id", "staff_id", "item", "division", "area_id", "channel",
    "is_counted", "mark", "reasons", "words", "source", "at", "shown_from", "person_id", "matter_id", "found",
)  # fmt: skip
BAD_CODE = _("没有找到这个评价码，请核对回执上的字母和数字。")


@dataclass(slots=True)
class Judgement:
    """What somebody says of a service.  ``reasons`` are slugs of the list of their grade.

    Name and phone are for being called back, and are kept of a bad grade only; ``person_id`` is who it was, where the line
    knows.  ``is_followed`` False: a bad grade is followed up elsewhere.
    """

    mark: int
    reasons: Sequence[str] = ()
    words: str = ""
    name: str = ""
    phone: str = ""
    source: str = Source.CODE
    is_followed: bool = True
    person_id: UUID | None = None


@dataclass(slots=True)
class Given:
    """One review on its way into the tables."""

    service: Service
    judgement: Judgement
    at: datetime
    round: int = 1
    id: UUID = field(init=False)
    person_id: UUID | None = None
    matter_id: UUID | None = None

    def __post_init__(self) -> None:
        self.id = uuid7_at(self.at)

    @property
    def is_followed(self) -> bool:
        """Whether it opens a rectification."""
        return self.round == 1 and self.judgement.is_followed and not rules.is_satisfied(self.judgement.mark)


def judge(code: str, judgement: Judgement, *, by: Actor, at: datetime) -> Review:
    """Review the service whose code this is.

    Raises NotFound for an unknown code, Conflict when it was reviewed before, Refused when the period is over or the form is
    wrong.  Two who send the same at the same moment: one of them gets the Conflict.
    """
    with transaction.atomic():
        service = Service.objects.select_for_update().filter(digest__in=codes.digests(code)).first()
        if service is None:
            raise NotFound("no_review_code", BAD_CODE, "code")
        return _judged(service, judgement, by, at)


def judge_service(service_id: UUID, judgement: Judgement, *, by: Actor, at: datetime) -> Review:
    """Review a service that the page or the line knows by itself: on the tablet, at a visit, on the tracking page."""
    with transaction.atomic():
        service = Service.objects.select_for_update().filter(pk=service_id).first()
        if service is None:
            raise NotFound("no_service", _("没有找到这次服务。"))
        return _judged(service, judgement, by, at)


def judge_matter(matter_id: UUID, judgement: Judgement, *, by: Actor, at: datetime) -> None:
    """What the line's own action was told about its matter: the first grade within the period is the review, all else is not.

    For a line that asks by itself, at a visit or on its tracking page: one matter, one review, whoever asks.
    """
    service = Service.objects.select_for_update().filter(matter=matter_id).first()
    if service is None or not rules.is_open(service.served_at, service.open_until, at):
        return
    if not Review.objects.filter(service=service).exists():
        _give(service, (), judgement, by, at)


def _judged(service: Service, judgement: Judgement, by: Actor, at: datetime) -> Review:
    before = list(Review.objects.filter(service=service).select_related("matter").order_by("round"))
    return Review.objects.get(pk=_give(service, before, judgement, by, at))


def _give(service: Service, before: Sequence[Review], judgement: Judgement, by: Actor, at: datetime) -> UUID:
    """Under the lock of the service."""
    round_ = round_of(service, before, at)
    given = Given(service, checked(judgement, reasons_of(judgement.mark)), at, round_)
    _write([given], by, at)
    return given.id


def round_of(service: Service, before: Sequence[Review], at: datetime) -> int:
    """Which review of the service may be given now: the first in its period, the second once the first was followed up."""
    if not before:
        if not rules.is_open(service.served_at, service.open_until, at):
            raise Refused("review_closed", _("评价期限已过，感谢您的关注；如有意见，可在“我要反映”中提出。"))
        return 1
    if len(before) == 1 and awaits_second(before[0]):
        return 2
    raise Conflict("reviewed", _("这次服务您已经评价过，谢谢。"))


def awaits_second(first: Review) -> bool:
    """Whether the person is asked what they think of what was done about their bad review."""
    matter: Matter | None = first.matter
    return matter is not None and matter.kind == KIND and matter.stage == "closed" and matter.outcome == MENDED


def judge_many(judged: Sequence[tuple[UUID, Judgement, datetime]], *, by: Actor) -> list[UUID]:
    """First reviews of many services, all or none, each at its own moment: for what is taken over from elsewhere; their ids.

    Raises NotFound, Refused or Conflict for the first that is wrong.
    """
    lists = {mark: reasons_of(mark) for mark in {one.mark for _id, one, _at in judged if one.mark in Mark.values}}
    with transaction.atomic():
        locked = Service.objects.select_for_update().filter(pk__in=[pk for pk, _one, _at in judged]).order_by("pk")
        services = {row.pk: row for row in locked}
        if Review.objects.filter(service__in=services).exists() or len(services) < len(judged):
            raise Conflict("reviewed", _("有的服务没有找到，或者已经评价过。"))
        givens = []
        for pk, judgement, at in judged:
            round_of(services[pk], (), at)
            givens.append(Given(services[pk], checked(judgement, lists.get(judgement.mark, frozenset())), at))
        _write(givens, by, None)
    return [given.id for given in givens]


def judge_at_point(point: Point, judgement: Judgement, *, by: Actor, at: datetime) -> tuple[Review, str]:
    """A review by the poster of a window, without a service: counted apart; with the code by which its answer is found."""
    if not point.is_active:
        raise NotFound("no_review_code", _("这个窗口已停用，二维码不再有效。"), "code")
    giving = Giving(
        line="on_site", organ_id=point.organ_id, point_id=point.pk, channel=Way.ON_SITE, is_counted=False
    )  # fmt: skip
    checked(judgement, reasons_of(judgement.mark))
    with transaction.atomic():
        done = served_many([giving], by=by, at=at)[0]
        return judge_service(done.service_id, judgement, by=by, at=at), done.code


def reasons_of(mark: int) -> frozenset[str]:
    """Slugs of the reasons that go with a grade."""
    return frozenset(one.slug for one in reasons(rules.reasons_list(mark)))


def checked(judgement: Judgement, known: frozenset[str]) -> Judgement:
    """The same, cleaned; Refused says what to mend."""
    if judgement.mark not in Mark.values:
        raise Refused("no_mark", _("请选择评价等级。"), "mark")
    words = clean(judgement.words)
    if len(words) > rules.MOST_WORDS:
        raise Refused("too_long", _("意见请控制在500字以内。"), "words")
    if unknown := [slug for slug in judgement.reasons if slug not in known]:
        raise Refused(
            "unknown_reason",
            _("“%(reason)s”不在原因清单中，请重新选择。") % {"reason": clean(unknown[0])[:40]},
            "reasons",
        )
    if judgement.name and not judgement.phone and not rules.is_satisfied(judgement.mark):
        raise Refused("no_phone", _("希望回电请填写联系电话；不需要回电请清空姓名。"), "phone")
    chosen = tuple(dict.fromkeys(judgement.reasons))[: rules.MOST_REASONS]
    return replace(judgement, reasons=chosen, words=words)


def _write(givens: Sequence[Given], by: Actor, at: datetime | None) -> None:
    """``at`` None: taken over, each at its own moment."""
    _people(givens, by)
    followed = [given for given in givens if given.is_followed]
    open_rectifications(followed, at=at)
    with together(connection):
        with connection.cursor() as cursor:
            write_rows(cursor, "reviews_review", COLUMNS, map(_row, givens))
        record_many([_happening(given, by) for given in givens])


def _people(givens: Iterable[Given], by: Actor) -> None:
    """Whoever wants to be called back, in the register."""
    for given in givens:
        given.person_id = given.judgement.person_id if given.is_followed else None
    named = [g for g in givens if g.is_followed and g.judgement.phone.strip()]
    if named:
        asked = [NewPerson(name=g.judgement.name, phone=g.judgement.phone) for g in named]
        for given, found in zip(named, find_or_create_many(asked, by=by, at=named[0].at), strict=True):
            given.person_id = found.person_id


def _row(given: Given) -> tuple[Any, ...]:
    service, said = given.service, given.judgement
    return (
        given.id, service.pk, given.round, service.line, service.organ_id, service.point_id, service.staff_id, service.item,
        service.division, service.area_id, service.channel, service.is_counted, int(said.mark), list(said.reasons), said.words,
        said.source, given.at, service.open_until, given.person_id, given.matter_id,
        tsvector(service.item_label, said.words),
    )  # fmt: skip


def _happening(given: Given, by: Actor) -> Happening:
    service = given.service
    data = {
        "dims": dims(service), "mark": int(given.judgement.mark), "counted": service.is_counted, "round": given.round,
        "service": str(service.pk), "source": str(given.judgement.source), "matter": str(given.matter_id or ""),
    }  # fmt: skip
    return Happening("review.given", given.id, "review", given.at, by, data, is_first=True)
