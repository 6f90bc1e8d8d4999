"""Numbers of people among the answers lie sealed in the table and are read as they were given."""

import base64
import json
import secrets
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from zhitong.lines.hall.actions.answers import rotate_answers
from zhitong.lines.hall.models import Application, BundleCase

from .cases import CITIZEN_ID
from .five import Five

pytestmark = pytest.mark.django_db
PHONE = "13800001234"


def raw(table: str, column: str) -> str:
    """What the table says."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column}::text FROM {table}")
        return "\n".join(text for (text,) in cursor.fetchall())


def plainly(table: str, column: str, said: dict[str, Any]) -> None:
    """As it was written before anything was sealed."""
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column} = %s::jsonb", [json.dumps(said)])


def test_a_number_is_sealed_in_the_table_and_plain_on_the_row(five: Five) -> None:
    said = {"姓名": "王小明", "身份证号": CITIZEN_ID, "电话": PHONE, "面积": "50", "夜间": True, "用途": ["施工"]}
    done = five.submitted()
    case = Application.objects.get(matter=five.of(done, "登记"))
    case.answers = said
    case.save(update_fields=["answers"])
    kept = raw("hall_application", "answers")
    assert "王小明" in kept
    assert CITIZEN_ID not in kept
    assert PHONE not in kept
    assert Application.objects.get(pk=case.pk).answers == said
    assert Application.objects.filter(pk=case.pk).values_list("answers", flat=True)[0] == said


def test_what_is_applied_with_is_sealed_from_the_first_moment(five: Five) -> None:
    """Through the bulk writer and for a bundle and the part it begins alike."""
    five.submitted(facts={"企业名称": PHONE, "从业人数": "3"})
    for table, column in (("hall_application", "answers"), ("hall_bundlecase", "facts")):
        assert "sealed" in raw(table, column)
        assert PHONE not in raw(table, column)
    assert BundleCase.objects.get().facts["企业名称"] == PHONE
    assert Application.objects.get().answers["企业名称"] == PHONE


def test_nobody_passes_something_off_as_sealed(five: Five) -> None:
    """An answer is a text; one that looks like what is sealed stays what was typed."""
    five.submitted(facts={"企业名称": '{"sealed": "AAAA"}', "从业人数": "3"})
    assert Application.objects.get().answers["企业名称"] == '{"sealed": "AAAA"}'


def test_keys_change(five: Five, settings: Any) -> None:
    five.submitted(facts={"企业名称": PHONE, "从业人数": "3"})
    assert rotate_answers() == 0
    settings.DATA_KEYS = [base64.b64encode(secrets.token_bytes(32)).decode(), *settings.DATA_KEYS]
    assert rotate_answers() == 2
    assert rotate_answers() == 0
    settings.DATA_KEYS = settings.DATA_KEYS[:1]
    assert Application.objects.get().answers["企业名称"] == PHONE


def test_what_lay_open_before_is_sealed_by_the_migration(five: Five) -> None:
    five.submitted()
    plainly("hall_application", "answers", {"企业名称": "甲", "身份证号": CITIZEN_ID})
    plainly("hall_bundlecase", "facts", {"电话": PHONE})
    with connection.schema_editor() as editor:
        import_module("zhitong.lines.hall.migrations.0019_numbers_sealed").seal(apps, editor)
    assert CITIZEN_ID not in raw("hall_application", "answers")
    assert PHONE not in raw("hall_bundlecase", "facts")
    assert Application.objects.get().answers == {"企业名称": "甲", "身份证号": CITIZEN_ID}
    assert BundleCase.objects.get().facts == {"电话": PHONE}
