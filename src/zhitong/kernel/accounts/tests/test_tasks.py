"""What is forgotten in time."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from zhitong.base.retention import record_kinds

from .. import tasks
from ..models import Rate

pytestmark = pytest.mark.django_db


def test_only_what_has_run_out_is_forgotten():
    now = timezone.now()
    for key, moment in (("old", now - timedelta(days=1)), ("new", now + timedelta(days=1))):
        Session.objects.create(session_key=key, session_data="", expire_date=moment)
        Rate.objects.create(key=key, free_at=moment)
    destroy = record_kinds()["accounts.sessions"].destroy
    assert destroy is not None
    destroy(now)
    tasks.tidy_rates()
    assert [session.session_key for session in Session.objects.all()] == ["new"]
    assert [rate.key for rate in Rate.objects.all()] == ["new"]
