"""Buildings registered in another division when borders change, and back again when the change is taken back."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from zhitong.base.text import tsvector
from zhitong.kernel.events.public import By, Happening, record_many
from zhitong.kernel.territory.public import tree

from ..models import Building, BuildingMove
from ..queries.standing import read_standing, standing_version, told_homes
from ..rules.homes import sort_key

MOST_NAME = 80


class Keeper:
    """What the territory asks of the register (``territory.queries.buildings.Buildings``)."""

    read = staticmethod(read_standing)
    version = staticmethod(standing_version)
    tell = staticmethod(told_homes)

    def move(self, moves: Mapping[UUID, UUID], *, change: UUID | None, on: date, by: By, at: datetime) -> None:
        """Each building to its division.  One whose name is taken there keeps it with the name of where it came from."""
        held = Building.objects.select_for_update().filter(pk__in=moves).order_by("id")
        rows = [row for row in held if row.division_id != moves[row.pk]]
        taken, nodes = _names(set(moves.values())), tree().nodes
        kept = []
        for row in rows:
            was, name = row.division_id, row.name
            source = nodes.get(was)
            row.name = _free(name, str(source.name) if source else "", taken[moves[row.pk]])
            row.division_id = moves[row.pk]
            kept.append(
                BuildingMove(
                    building=row, was_id=was, now_id=row.division_id, on=on, at=at, change=change,
                    name_was=name if name != row.name else "",
                )
            )  # fmt: skip
        BuildingMove.objects.bulk_create(kept, batch_size=5_000)
        _write(rows, {row.pk: (move.was_id, move.now_id) for row, move in zip(rows, kept, strict=True)}, by, at)

    def take_back(self, change: UUID, *, by: By, at: datetime) -> None:
        """Where the buildings were, under the names they had; those that were moved again stay where they are."""
        moves = list(BuildingMove.objects.filter(change=change).select_related(None).order_by("id"))
        rows = {row.pk: row for row in Building.objects.select_for_update().filter(moves__change=change).order_by("id")}
        taken = _names({move.was_id for move in moves})
        back: list[Building] = []
        for move in moves:
            row = rows[move.building_id]
            if row.division_id != move.now_id:
                later = BuildingMove.objects.filter(building=row, was=move.now_id, at__gte=move.at).exclude(pk=move.pk)
                later.update(was=move.was_id)
                continue
            row.name = _free(move.name_was or row.name, "", taken[move.was_id])
            row.division_id = move.was_id
            back.append(row)
        told = {move.building_id: (move.now_id, move.was_id) for move in moves}
        BuildingMove.objects.filter(change=change).delete()
        _write(back, told, by, at)


def _names(division_ids: Collection[UUID]) -> dict[UUID, set[str]]:
    """The names of what stands in each division."""
    found: dict[UUID, set[str]] = {pk: set() for pk in division_ids}
    rows = Building.objects.filter(division__in=division_ids, ended_on=None)
    for division, name in rows.values_list("division", "name"):
        found[division].add(name)
    return found


def _free(name: str, source: str, taken: set[str]) -> str:
    """``name``, or with where it came from and a number, so that the division has it once; it is taken then."""
    found, n = name, 1
    while found in taken:
        more = _("（原%(name)s）") % {"name": source} if source else ""
        more += str(n) if n > 1 or not source else ""
        found, n = name[: MOST_NAME - len(more)] + more, n + 1
    taken.add(found)
    return found


def _write(rows: list[Building], told: Mapping[UUID, tuple[UUID, UUID]], by: By, at: datetime) -> None:
    for row in rows:
        row.sort, row.version, row.changed_at = sort_key(row.name), row.version + 1, at
        row.words = tsvector(row.name, row.address)
    fields = ["division", "name", "sort", "words", "version", "changed_at"]
    Building.objects.bulk_update(rows, fields, batch_size=1_000)
    data: dict[UUID, dict[str, Any]] = {
        pk: {"parts": ["division_id"], "was": was, "now": now} for pk, (was, now) in told.items()
    }
    record_many([Happening("building.changed", row.pk, "building", at, by, data[row.pk]) for row in rows])


def keep_move(building_id: UUID, was: UUID, now: UUID, *, at: datetime) -> None:
    """Somebody registered a building elsewhere by hand: from that day on."""
    BuildingMove.objects.create(building_id=building_id, was_id=was, now_id=now, on=timezone.localdate(at), at=at)
