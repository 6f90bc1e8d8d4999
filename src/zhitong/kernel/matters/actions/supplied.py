"""What a line ships for the catalogue, written where the district has nothing of that name yet."""

from collections.abc import Iterable, Mapping

from django.db.models import Model

from ..models import Reason

# code, Chinese, English
Named = tuple[str, str, str]


def supply(*rows: Model) -> None:
    """Write rows of one model that are not there yet, by what makes each of them one; those that are there stay as they are."""
    type(rows[0])._default_manager.bulk_create(rows, ignore_conflicts=True)


def supply_reasons(lists: Mapping[str, Iterable[Named]]) -> None:
    """The entries of lists of reasons, each list in its order."""
    supply(
        *(
            Reason(list=of, slug=slug, name=name, name_en=name_en, sort=place * 10)
            for of, entries in lists.items()
            for place, (slug, name, name_en) in enumerate(entries, start=1)
        )
    )
