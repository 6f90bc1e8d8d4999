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


@pytest.mark.parametrize(
    "words",
    [
        f"委托人王芳（身份证{CITIZEN_ID}）代领",
        "电话１３８００００１２３４，下午在",
        "退款到6222 0012 3456 7890 123",
        "来信请寄wang.fang@example.com",
    ],
)
def test_a_number_among_other_words_is_sealed_with_them(five: Five, words: str) -> None:
    """What a page masks does not lie open in the table either."""
    five.submitted(facts={"企业名称": words, "从业人数": "3"})
    for table, column in (("hall_application", "answers"), ("hall_bundlecase", "facts")):
        assert "sealed" in raw(table, column)
        assert words[:2] not in raw(table, column)
    assert Application.objects.get().answers["企业名称"] == words


def test_what_tells_nobodys_number_lies_open(five: Five) -> None:
    """Days, sums, areas and codes of firms can be read by whoever mends a table."""
    said = {"开业": "2026-09-07", "资本": "12000000.00", "代码": "91350100M000100Y43", "住址": "七里山路8号2单元1203室"}
    case = Application.objects.get(matter=five.of(five.submitted(), "登记"))
    case.answers = said
    case.save(update_fields=["answers"])
    assert "sealed" not in raw("hall_application", "answers")


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


def test_what_lay_open_among_other_words_is_sealed_by_the_next(five: Five) -> None:
    five.submitted()
    said = {"企业名称": "甲", "情况": f"由{CITIZEN_ID}代办"}
    plainly("hall_application", "answers", said)
    plainly("hall_bundlecase", "facts", {"说明": f"打{PHONE}"})
    with connection.schema_editor() as editor:
        import_module("zhitong.lines.hall.migrations.0021_numbers_in_words_sealed").seal(apps, editor)
    assert CITIZEN_ID not in raw("hall_application", "answers")
    assert PHONE not in raw("hall_bundlecase", "facts")
    assert Application.objects.get().answers == said
