"""Until when the machine's clock was trusted: kept over the end of a worker, so that the next one can tell a jump from a rest."""

from datetime import datetime

from ..models import TrustedMoment


def keep_trusted(at: datetime) -> None:
    """Write down that the clock said ``at`` and nobody doubted it."""
    TrustedMoment.objects.update_or_create(id=1, defaults={"at": at})


def last_trusted() -> datetime | None:
    """What was last written down; None in a new district."""
    return TrustedMoment.objects.values_list("at", flat=True).first()
