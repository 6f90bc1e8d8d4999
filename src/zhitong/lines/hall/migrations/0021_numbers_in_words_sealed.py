"""Answers in which a number of somebody stands among other words are sealed too."""

from django.db import migrations
from django.db.models import F, TextField
from django.db.models.functions import Cast

# What may tell one: long runs of digits, also with spaces and in full width, and addresses of mail.
MAY_TELL = r"([0-9０-９][ -]?){7}|@|＠"


def seal(apps, schema_editor):
    for name, field in (("Application", "answers"), ("BundleCase", "facts")):
        model = apps.get_model("hall", name)
        rows = model.objects.annotate(kept=Cast(F(field), TextField())).filter(kept__regex=MAY_TELL)
        found = list(rows.values_list("pk", flat=True))
        for pk in found:
            model.objects.get(pk=pk).save(update_fields=[field])


class Migration(migrations.Migration):
    dependencies = [("hall", "0020_codes_not_written_down")]

    operations = [migrations.RunPython(seal, migrations.RunPython.noop)]
