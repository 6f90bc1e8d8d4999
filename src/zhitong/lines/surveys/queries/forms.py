"""Forms as whoever designs them sees them."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, F, Max, Q, QuerySet
from django.utils.translation import gettext as _

from zhitong.base.errors import NotFound
from zhitong.kernel.accounts.public import Actor

from ..choices import Crossing
from ..models import Form, Media, Rule, Version
from ..permissions import DESIGN
from ..rules.xform import TABLES, Question, needed

SHOWN = 50


@dataclass(frozen=True, slots=True)
class FoundForms:
    """One page of forms, and whether there are older ones."""

    rows: list[Form]
    has_more: bool


def forms(by: Actor, *, words: str = "", page: int = 1) -> FoundForms:
    """The newest first, with ``newest`` (number of the last version), ``is_published`` and ``used`` (surveys)."""
    by.demand(DESIGN)
    first = (page - 1) * SHOWN
    found = Form.objects.filter(name__icontains=words) if words else Form.objects.all()
    rows = found.annotate(
        newest=Max("versions__number"),
        published=Count("versions", filter=Q(versions__published_at__isnull=False), distinct=True),
        used=Count("versions__surveys", distinct=True),
    )[first : first + SHOWN + 1]
    return FoundForms(list(rows[:SHOWN]), len(rows) > SHOWN)


def form(by: Actor, form_id: UUID) -> Form:
    """One form; NotFound."""
    by.demand(DESIGN)
    found = Form.objects.filter(pk=form_id).first()
    if found is None:
        raise NotFound("no_form", _("没有这张表单。"))
    return found


def versions(by: Actor, form_id: UUID) -> QuerySet[Version]:
    """Its versions without their content, the newest first."""
    by.demand(DESIGN)
    return Version.objects.filter(form=form_id).defer("workbook", "xform", "itemsets").order_by("-number")


def version(by: Actor, version_id: UUID) -> Version:
    """One version; NotFound."""
    by.demand(DESIGN)
    found = Version.objects.filter(pk=version_id).select_related("form").defer("workbook").first()
    if found is None:
        raise NotFound("no_version", _("没有这个版本。"))
    return found


def workbook(by: Actor, version_id: UUID) -> tuple[str, bytes]:
    """Name and content of the workbook it came as; NotFound."""
    by.demand(DESIGN)
    found = Version.objects.filter(pk=version_id).values_list("file_name", "workbook").first()
    if found is None:
        raise NotFound("no_version", _("没有这个版本。"))
    return found[0], bytes(found[1])


def media_of(version: Version, name: str) -> Media:
    """A file beside a version that the person was allowed to see; NotFound."""
    found = Media.objects.filter(version=version, asked_as=name).first()
    if found is None:
        raise NotFound("no_media", _("没有这个附件。"))
    return found


def files_of(version_id: UUID) -> list[str]:
    """The names of the files beside a version."""
    return list(Media.objects.filter(version=version_id).values_list("asked_as", flat=True))


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file that a form asks for: whether it is there, and whether the form can be published without it."""

    name: str
    is_there: bool
    is_needed: bool


def wanted(version: Version) -> list[Wanted]:
    """Every file the form asks for."""
    known = set(files_of(version.pk))
    return [Wanted(name, name in known, sort in TABLES) for name, sort in needed(version.xform).items()]


def newest(form_id: UUID) -> Version | None:
    """The newest published version of a form, or else its newest draft."""
    rows = Version.objects.filter(form=form_id).defer("workbook", "itemsets")
    return rows.order_by(F("published_at").desc(nulls_last=True), "-number").first()


def rules_of(by: Actor, form_id: UUID) -> list[Rule]:
    """Its rules in the order they were made, with ``sense`` (the condition in words) and ``is_asked``."""
    by.demand(DESIGN)
    version = newest(form_id)
    questions = version.questions.questions if version else {}
    rows = list(Rule.objects.filter(form=form_id).select_related("subkind", "category"))
    for row in rows:
        row.sense, row.is_asked = condition_of(row, questions.get(row.path)), row.path in questions  # type: ignore[attr-defined]
    return rows


def condition_of(rule: Rule, question: Question | None) -> str:
    """``今日体温 不低于 37.3``."""
    label = (question.label or question.name) if question else rule.path
    bound = question.choices.get(rule.bound, rule.bound) if question else rule.bound
    return " ".join(filter(None, (label, str(Crossing(rule.crossing).label), bound)))


def published() -> QuerySet[Version]:
    """Versions a survey can use: the newest published one of each form."""
    rows = Version.objects.filter(published_at__isnull=False).order_by("form_id", "-number").distinct("form_id")
    return Version.objects.filter(pk__in=rows.values("pk")).select_related("form").only("number", "form__name")
