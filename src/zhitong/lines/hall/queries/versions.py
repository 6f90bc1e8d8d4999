"""Versions of an item: which one counts on a day, what it says as plain values, what is missing, what differs."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from zhitong.kernel.events.public import Once, on_primary
from zhitong.kernel.papers.public import PAPERS

from ..choices import VersionState
from ..models import Application, Material, Version
from ..rules import FIELDS, MATERIAL_FIELDS, Change, Problem, differences, missing

# The decisions of an application, beside the papers that are its result.
GRANTED, REFUSED, NOT_ACCEPTED = "hall-granted", "hall-refused", "hall-not-accepted"


def version_on(item_id: UUID, on: date) -> Version | None:
    """What counts for the item on that day, as ``version_of`` gives it."""
    return _counting.get(item_id, on)


def version_of(version_id: UUID) -> Version:
    """A version that was published, with its materials, item and base item; one small query, none for what a page or a change has
    asked for already.  Raises DoesNotExist."""
    return _versions.get(version_id)


def look_up(items: Collection[UUID], on: date) -> None:
    """Look up what counts for several items on that day in one statement, for whoever asks ``version_on`` inside the same view."""
    items = [item for item in items if not _counting.knows(item, on)]
    if not items:
        return
    found = {version.item_id: version for version in _read(f"v.item_id = ANY(%s) AND {COUNTS}", items, on, on)}
    for item in items:
        _counting.put(found.get(item), item, on)


def _counts(item_id: UUID, on: date) -> Version | None:
    return next(iter(_read(f"v.item_id = %s AND {COUNTS}", item_id, on, on)), None)


def _published(version_id: UUID) -> Version:
    found = _read(f"v.id = %s AND {_NO_DRAFT}", version_id)
    if not found:
        raise Version.DoesNotExist
    return found[0]


_NO_DRAFT = f"v.state <> '{VersionState.DRAFT.value}'"
# What is in force on a day, which is given twice.
COUNTS = f"{_NO_DRAFT} AND v.effective_on <= %s AND (v.ended_on IS NULL OR v.ended_on > %s)"
# A row is as it was as long as it stands where it stood and was written by the same transaction.
_STATE = "concat_ws(' ', v.xmin, v.ctid, i.xmin, i.ctid, b.xmin, b.ctid)"
_AS_JOINED = "concat_ws(' ', hall_version.xmin, hall_version.ctid, hall_item.xmin, hall_item.ctid, hall_baseitem.xmin, hall_baseitem.ctid)"
_TABLES = "hall_version AS v JOIN hall_item AS i ON i.id = v.item_id JOIN hall_baseitem AS b ON b.id = i.base_id"
MOST_KNOWN = 1_000
_known: dict[tuple[UUID, str], Version] = {}


def _read(which: str, *values: Any) -> list[Version]:
    """Published versions with their materials, item and base item; ``which`` comes from code.  They hardly ever change, and are large: what
    this process has read of them before is used again where PostgreSQL says that the rows are the same.  Nobody changes them."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT v.id, {_STATE} FROM {_TABLES} WHERE {which}", values)  # noqa: S608 - names of ours
        states: list[tuple[UUID, str]] = cursor.fetchall()
    missing = [pk for pk, state in states if (pk, state) not in _known]
    if missing:
        _keep(missing)
    found = [_known[one] for one in states if one in _known]
    if len(found) < len(states):  # changed in between
        found = [_with_materials(one) for one in _whole.filter(pk__in=[pk for pk, _state in states])]
    for version in found:
        _versions.put(version, version.pk)
    return found


def _keep(ids: Sequence[UUID]) -> None:
    if len(_known) > MOST_KNOWN:
        _known.clear()
    for version in _whole.filter(pk__in=ids).annotate(row_state=RawSQL(_AS_JOINED, ())):
        _known[version.pk, version.row_state] = _with_materials(version)


def _with_materials(version: Version) -> Version:
    """The same with its materials at hand, as if they had been prefetched."""
    rows = version.materials.all()
    rows._result_cache = list(_materials(version.pk))
    version._prefetched_objects_cache = {"materials": rows}  # type: ignore[attr-defined]
    return version


@lru_cache(maxsize=2_000)
def _materials(version_id: UUID) -> tuple[Material, ...]:
    """Of a version that is no draft: they never change."""
    with on_primary():
        return tuple(Material.objects.filter(version=version_id))


_whole = Version.objects.select_related("item__base")
_counting: Once[Version | None] = Once(_counts)
_versions: Once[Version] = Once(_published)


def with_version(case: Application) -> Application:
    """The application with its version and item."""
    if not Application.version.is_cached(case):
        case.version = version_of(case.version_id)
        case.item = case.version.item
    elif not hasattr(case.version, "_prefetched_objects_cache"):
        _with_materials(case.version)
    return case


def published(version_id: UUID, item_id: UUID) -> Version | None:
    """A version of the item that counted once."""
    rows = Version.objects.filter(pk=version_id, item=item_id).exclude(state=VersionState.DRAFT)
    return rows.select_related("item").prefetch_related("materials").first()


def versions_of(item_id: UUID) -> list[Version]:
    """All versions with their materials, newest first."""
    return list(Version.objects.filter(item=item_id).prefetch_related("materials").order_by("-number"))


def draft_of(item_id: UUID) -> Version | None:
    """The draft of the item, if it has one."""
    return Version.objects.filter(item=item_id, state=VersionState.DRAFT).prefetch_related("materials").first()


def plain_version(version: Version) -> dict[str, Any]:
    """What it says, by the names of the fields."""
    return {field: getattr(version, field) for field in (*FIELDS, "questions")}


def plain_materials(materials: Iterable[Material]) -> list[dict[str, Any]]:
    """What must be brought, in order."""
    return [{field: getattr(one, field) for field in ("name", *MATERIAL_FIELDS)} for one in materials]


def result_papers() -> dict[str, str]:
    """The papers a version may name as its result, by slug with what they are called."""
    return {slug: str(kind.label) for slug, kind in PAPERS.items() if kind.has_code}


def problems_of(version: Version) -> list[Problem]:
    """What keeps the version from being published."""
    found = missing(plain_version(version), plain_materials(version.materials.all()))
    known = result_papers()
    if version.result_paper and version.result_paper not in known:
        message = _("没有代号为“%(slug)s”的结果文书，可填：%(known)s；不出证的留空。")
        names = _("、").join(f"{slug} {label}" for slug, label in known.items())
        found.append(Problem("no_paper", "result_paper", message % {"slug": version.result_paper, "known": names}))
    return found


def changes_between(old: Version, new: Version) -> list[Change]:
    """What ``new`` says otherwise than ``old``."""
    return differences(
        plain_version(old),
        plain_version(new),
        plain_materials(old.materials.all()),
        plain_materials(new.materials.all()),
    )
