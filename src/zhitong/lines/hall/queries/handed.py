"""The materials of an application that is in hand, read once."""

from collections.abc import Iterable

from django.contrib.postgres.fields import ArrayField
from django.db.models import UUIDField
from django.db.models.expressions import RawSQL

from zhitong.kernel.matters.public import Matter

from ..models import Application, Handed, Material
from .versions import with_version

_KEPT = "_handed"
# The attachments that belong to each, in their order.
_FILES = RawSQL(
    "ARRAY(SELECT attachment_id FROM hall_handedfile WHERE handed_id = hall_handed.id ORDER BY attachment_id)", (),
    ArrayField(UUIDField()),
)  # fmt: skip


def handed_of(matter: Matter) -> list[Handed]:
    """The materials of the matter in the order of its version, read once: whoever changes them has them ``forgotten``."""
    case = with_version(matter.application)
    if _KEPT not in case.__dict__:
        keep_handed(case, Handed.objects.filter(application=matter.pk).annotate(kept=_FILES))
    found: list[Handed] = case.__dict__[_KEPT]
    return found


def keep_handed(case: Application, handed: Iterable[Handed]) -> None:
    """They are the materials of the application."""
    found = list(handed)
    known = {one.pk: one for one in case.version.materials.all()}
    if former := {row.material_id for row in found} - known.keys():  # of the version it was moved from
        known |= Material.objects.in_bulk(former)
    for row in found:
        row.material = known[row.material_id]
    case.__dict__[_KEPT] = sorted(found, key=lambda row: row.material.position)


def forgotten(matter: Matter) -> None:
    """They have changed."""
    matter.application.__dict__.pop(_KEPT, None)
