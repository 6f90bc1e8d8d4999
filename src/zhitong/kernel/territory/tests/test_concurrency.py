"""Two people at the same division at once."""

import threading

import pytest
from django.db import connection

from zhitong.base.errors import Conflict

from .. import public as t
from .conftest import AT, BY, LINES, START, of


@pytest.mark.django_db(transaction=True)
def test_one_code_is_given_once_and_nobody_sees_an_error_of_the_database():
    t.import_list(LINES, by=BY, at=AT, on=START)
    street = of("990101001").id
    outcomes = []
    ready = threading.Barrier(4)

    def create(name):
        try:
            ready.wait()
            t.create_division("990101001009", name, "community", street, by=BY, at=AT)
            outcomes.append("created")
        except Conflict:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=create, args=(f"社区{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["created", "refused", "refused", "refused"]
    assert of("990101001009") is not None
