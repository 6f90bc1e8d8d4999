"""The rows of an application, as its moves read and write them."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _

from zhitong.base.bulk import update_rows
from zhitong.base.errors import Refused
from zhitong.kernel.matters.public import Context, Matter, Terms

from ...choices import BreachSort, MaterialState
from ...models import Application, Breach, BundlePart, Handed
from ...queries.handed import forgotten, handed_of
from ...queries.limits import terms_under
from ...queries.versions import version_of, with_version
from ...rules import cases as rules


def case_of(ctx: Context) -> Application:
    """The line's own row of the matter under way, with its version and item."""
    return with_version(ctx.matter.application)


def put(ctx: Context, **values: Any) -> None:
    """Change columns of the application."""
    case = case_of(ctx)
    for name, value in values.items():
        setattr(case, name, value)
    columns = ["matter_id", *sorted(field.attname for field in case._meta.concrete_fields if field.name in values)]
    with connection.cursor() as cursor:
        row = [getattr(case, name) for name in columns]
        update_rows(cursor, "hall_application", columns, [row], key="matter_id")


def _pairs(matter: Matter, condition: Q) -> Sequence[tuple[str, str]]:
    rows = Handed.objects.filter(condition, application=matter.pk).order_by("material__position")
    return [(str(pk), name) for pk, name in rows.values_list("pk", "material__name")]


def names_of(ids: Collection[str]) -> Mapping[str, str]:
    """What materials that were chosen are called."""
    return {str(pk): name for pk, name in Handed.objects.filter(pk__in=ids).values_list("pk", "material__name")}


def every_material(matter: Matter) -> Sequence[tuple[str, str]]:
    """What a notice may name."""
    return _pairs(matter, ~Q(state=MaterialState.HELD))


def awaited(matter: Matter) -> Sequence[tuple[str, str]]:
    """What may be handed in: whatever is not there as itself."""
    return _pairs(matter, ~Q(state__in=(MaterialState.HANDED, MaterialState.HELD)))


def deferrable(matter: Matter) -> Sequence[tuple[str, str]]:
    """What is missing and may follow later."""
    return _pairs(matter, Q(state=MaterialState.MISSING, material__is_deferrable=True))


def promisable(matter: Matter) -> Sequence[tuple[str, str]]:
    """What is missing and for which a promise may stand."""
    return _pairs(matter, Q(state=MaterialState.MISSING, material__by_commitment=True))


def mark(ctx: Context, ids: Collection[str], state: str) -> None:
    """Put some of the materials into a state."""
    if ids:
        Handed.objects.filter(application=ctx.matter.pk, pk__in=list(ids)).update(state=state, at=ctx.at)
        forgotten(ctx.matter)


def states_of(ctx: Context) -> list[str]:
    """Where each material stands."""
    return [row.state for row in handed_of(ctx.matter)]


def demand_whole(ctx: Context) -> list[str]:
    """The states of all materials; Refused with the names of what is missing."""
    rows = [(row.material.name, row.state) for row in handed_of(ctx.matter)]
    if names := rules.lacking(rows):
        message = _("还缺少材料：%(names)s。请补齐，或发出一次性补正告知；可容缺或可承诺的，请勾选。")
        raise Refused("missing_material", message % {"names": _("、").join(names)}, field="deferred")
    return [state for _name, state in rows]


def close(ctx: Context) -> None:
    """Nothing is open of it any more."""
    put(ctx, is_open=False)


def breach(ctx: Context, sort: str) -> None:
    """Put on record that the applicant did not keep a promise."""
    Breach.objects.create(application=case_of(ctx), sort=sort, at=ctx.at)
    ctx.facts["breach"] = str(BreachSort(sort))


def terms(matters: Sequence[Matter], openings: Sequence[Any] | None) -> dict[UUID, dict[str, Terms | None]]:
    """The limits the version gives to each application (``Kind.terms``)."""
    if openings is None:
        parts = _parts([m.pk for m in matters if m.stage == "submitted"])
        return {
            m.pk: terms_under(with_version(m.application).version, m.application, is_part=m.pk in parts)
            for m in matters
        }
    return {
        m.pk: terms_under(
            version_of(UUID(o.own["version"])),
            Application(is_simulated=o.own["is_simulated"]),
            is_part=o.own["is_part"],
        )
        for m, o in zip(matters, openings, strict=True)
    }


def _parts(ids: Sequence[UUID]) -> set[UUID]:
    """Those that are parts of bundles."""
    found = BundlePart.objects.filter(matter__in=ids).values_list("matter", flat=True) if ids else ()
    return {pk for pk in found if pk}
