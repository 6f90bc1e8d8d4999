"""The index of an inbox has what is unread first, as the page shows it: what is read is not looked at to count the rest."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0007_pulse"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="notice",
            name="notice_inbox",
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                models.F("to_account"),
                models.OrderBy(models.F("read_at"), descending=True, nulls_first=True),
                models.OrderBy(models.F("created_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("channel", "in_app")),
                name="notice_unread_first",
            ),
        ),
    ]
