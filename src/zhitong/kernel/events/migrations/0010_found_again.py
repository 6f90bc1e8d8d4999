"""The letters about a matter, and those to a person, are found for erasing by an index; nobody waits while they are built."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("events", "0009_letters_are_wordings")]

    operations = [
        AddIndexConcurrently(
            model_name="notice",
            index=models.Index(fields=["subject"], name="notice_subject", condition=~Q(channel="webhook")),
        ),
        AddIndexConcurrently(
            model_name="notice",
            index=models.Index(fields=["to_contact"], name="notice_contact", condition=Q(to_contact__isnull=False)),
        ),
    ]
