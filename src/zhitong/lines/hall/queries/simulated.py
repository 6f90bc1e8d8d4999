"""Simulated runs for which what was missing has come: a window turns them into real ones."""

from django.db.models import Q

from ..models import Application

READY = "application.simulated_ready"


def ready_set() -> Q:
    """Approved, something came after that, and nothing is missing any more."""
    return Q(stage="simulated", pk__in=Application.objects.filter(is_whole=True).values("pk"))
