"""Numbers of identity cards and telephones among the answers of applications are sealed."""

from django.db import migrations
from django.db.models import F, TextField
from django.db.models.functions import Cast

import zhitong.lines.hall.models.answers

# Answers that are somebody's number; most rows have none and are not touched.
HOLDS = r'"(\d{17}[0-9Xx]|1\d{10})"'


def seal(apps, schema_editor, holds=HOLDS):
    for name, field in (("Application", "answers"), ("BundleCase", "facts")):
        model = apps.get_model("hall", name)
        rows = model.objects.annotate(kept=Cast(F(field), TextField())).filter(kept__regex=holds)
        found = list(rows.values_list("pk", flat=True))
        for pk in found:
            model.objects.get(pk=pk).save(update_fields=[field])


class Migration(migrations.Migration):
    dependencies = [("hall", "0018_whole_simulated")]

    operations = [
        migrations.AlterField(
            model_name="application",
            name="answers",
            field=zhitong.lines.hall.models.answers.AnswersField(default=dict),
        ),
        migrations.AlterField(
            model_name="bundlecase",
            name="facts",
            field=zhitong.lines.hall.models.answers.AnswersField(default=dict),
        ),
        migrations.RunPython(seal, migrations.RunPython.noop),
    ]
