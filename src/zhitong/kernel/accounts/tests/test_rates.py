"""Limits on how often, also under threads."""

import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.utils import timezone

from tests.clock import set_clock

from ..actions import TooMany, forget_rates, give_back, limit_rate
from ..models import Rate


@pytest.mark.django_db
def test_a_burst_and_then_no_more():
    for _n in range(3):
        limit_rate("test:a", 3, 60)
    with pytest.raises(TooMany) as refused:
        limit_rate("test:a", 3, 60)
    assert 18 <= refused.value.retry_after <= 20
    assert refused.value.status == 429
    limit_rate("test:b", 3, 60)


@pytest.mark.django_db
def test_several_at_once_are_allowed_whole_or_not_at_all():
    limit_rate("test:a", 10, 60, uses=7)
    with pytest.raises(TooMany):
        limit_rate("test:a", 10, 60, uses=4)
    limit_rate("test:a", 10, 60, uses=3)
    with pytest.raises(TooMany):
        limit_rate("test:a", 10, 60)


@pytest.mark.django_db
def test_more_at_once_than_are_ever_allowed_count_for_nothing():
    with pytest.raises(TooMany):
        limit_rate("test:a", 10, 60, uses=11)
    limit_rate("test:a", 10, 60, uses=10)


@pytest.mark.django_db
def test_it_is_free_again_in_time():
    limit_rate("test:a", 1, 60)
    Rate.objects.update(free_at=timezone.now() - timedelta(seconds=1))
    limit_rate("test:a", 1, 60)
    with pytest.raises(TooMany):
        limit_rate("test:a", 1, 60)


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", ["3 days", "-3 days"])
def test_a_clock_that_was_wrong_shuts_nobody_out(wrong):
    set_clock(wrong)
    limit_rate("test:a", 2, 60)
    limit_rate("test:a", 2, 60)
    set_clock("0 days")
    limit_rate("test:a", 2, 60)
    limit_rate("test:a", 2, 60)
    with pytest.raises(TooMany) as refused:
        limit_rate("test:a", 2, 60)
    assert refused.value.retry_after <= 60


@pytest.mark.django_db
def test_what_is_given_back_was_never_used():
    for _n in range(5):
        limit_rate("test:a", 2, 60)
        give_back("test:a", 2, 60)
    limit_rate("test:a", 2, 60)
    limit_rate("test:a", 2, 60)
    with pytest.raises(TooMany):
        limit_rate("test:a", 2, 60)


@pytest.mark.django_db
def test_giving_back_what_nobody_used_gives_nothing():
    give_back("test:a", 1, 60)
    limit_rate("test:a", 1, 60)
    Rate.objects.update(free_at=timezone.now() - timedelta(hours=1))
    give_back("test:a", 1, 60)
    limit_rate("test:a", 1, 60)
    with pytest.raises(TooMany):
        limit_rate("test:a", 1, 60)


@pytest.mark.django_db
def test_refused_uses_do_not_lengthen_the_wait():
    limit_rate("test:a", 1, 60)
    waits = []
    for _n in range(5):
        with pytest.raises(TooMany) as refused:
            limit_rate("test:a", 1, 60)
        waits.append(refused.value.retry_after)
    assert max(waits) <= 60


@pytest.mark.django_db
def test_the_key_is_not_kept():
    limit_rate("sign-in:192.0.2.7", 1, 60)
    limit_rate("odd:\ud800\x00" + "长" * 500, 1, 60)
    assert all("192.0.2.7" not in key for key in Rate.objects.values_list("key", flat=True))


@pytest.mark.django_db
def test_used_up_rows_are_forgotten():
    limit_rate("test:a", 1, 60)
    assert forget_rates(at=timezone.now()) == 0
    assert forget_rates(at=timezone.now() + timedelta(minutes=2)) == 1


@pytest.mark.django_db
def test_the_table_is_unlogged():
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'accounts_rate'")
        assert cursor.fetchone() == ("u",)


@pytest.fixture
def shared_key(django_db_setup, django_db_blocker):
    """A key that threads share: committed for real and taken away afterwards."""
    with django_db_blocker.unblock():
        key = f"test:{uuid.uuid4()}"
        yield key
        Rate.objects.filter(key__startswith="test:").delete()
        connections.close_all()


def test_exact_under_threads(shared_key):
    allowed, lock = [], threading.Lock()

    def use():
        try:
            for _n in range(10):
                try:
                    limit_rate(shared_key, 12, 3600)
                except TooMany:
                    continue
                with lock:
                    allowed.append(1)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=use) for _n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(allowed) == 12
