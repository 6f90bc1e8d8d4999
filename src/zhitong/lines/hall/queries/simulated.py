"""Simulated runs for which what was missing has come: a window turns them into real ones."""

from django.db.models import Exists, OuterRef, Q

from ..choices import MaterialState, Outcome
from ..models import Application, Handed

READY = "application.simulated_ready"


def ready_set() -> Q:
    """Approved, something came after that, and nothing is missing any more."""
    rows = Handed.objects.filter(application=OuterRef("pk"))
    came = rows.filter(state=MaterialState.HANDED, at__gt=OuterRef("decided_at"))
    lacks = rows.filter(state=MaterialState.MISSING)
    found = Application.objects.filter(Exists(came), ~Exists(lacks), is_simulated=True, decided_at__isnull=False)
    return Q(stage="simulated", outcome=Outcome.APPROVED, pk__in=found.values("pk"))
