"""Forms as whoever designs them sees them."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet
from django.utils.translation import gettext as _

from zhitong.base.errors import NotFound
from zhitong.kernel.accounts.public import Actor

from ..models import Form, Version
from ..permissions import DESIGN

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


def published() -> QuerySet[Version]:
    """Versions a survey can use: the newest published one of each form."""
    rows = Version.objects.filter(published_at__isnull=False).order_by("form_id", "-number").distinct("form_id")
    return Version.objects.filter(pk__in=rows.values("pk")).select_related("form").only("number", "form__name")
