"""Answers in which a number of somebody stands among other words are sealed too."""

from importlib import import_module

from django.db import migrations

before = import_module("zhitong.lines.hall.migrations.0019_numbers_sealed")

# What may tell one: long runs of digits, also with spaces and in full width, and addresses of mail.
MAY_TELL = r"([0-9０-９][ -]?){7}|@|＠"


def seal(apps, schema_editor):
    before.seal(apps, schema_editor, MAY_TELL)


class Migration(migrations.Migration):
    dependencies = [("hall", "0020_codes_not_written_down")]

    operations = [migrations.RunPython(seal, migrations.RunPython.noop)]
