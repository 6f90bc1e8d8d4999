"""What has had its time: wrong passwords, sessions, secrets of tokens."""

from datetime import datetime
from typing import Any

from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.db.models import Q, QuerySet

from ..models import TokenSecret


def old_attempts(before: datetime) -> "QuerySet[Any]":
    """Wrong passwords typed before then."""
    attempts: QuerySet[Any] = AccessAttempt.objects.filter(attempt_time__lt=before)
    return attempts


def old_sessions(before: datetime) -> QuerySet[Session]:
    """Sessions that had run out by then."""
    return Session.objects.filter(expire_date__lt=before)


def old_secrets(before: datetime) -> QuerySet[TokenSecret]:
    """Secrets that let nobody in since before then: replaced, of a token that was revoked, or of one that has ended."""
    ended = Q(until__lt=before) | Q(token__revoked_at__lt=before) | Q(token__expires_at__lt=before)
    return TokenSecret.objects.filter(ended)
