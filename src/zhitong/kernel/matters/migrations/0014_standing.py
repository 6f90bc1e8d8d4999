"""What stands in a stage is read and counted from an index of what is open; what has ended in one has its own, so that none is in both."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("matters", "0013_tasks_know")]

    operations = [
        AddIndexConcurrently(
            model_name="matter",
            index=models.Index(
                condition=models.Q(("closed_at", None)),
                fields=["stage", "due_at", "id"],
                include=(
                    "kind", "grade", "urgency", "returns", "round", "opened_by", "opened_at", "stage_at", "is_paused",
                ),
                name="matter_standing",
            ),
        ),
        AddIndexConcurrently(
            model_name="matter",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", False)), fields=["stage", "-id"], name="matter_ended"
            ),
        ),
        RemoveIndexConcurrently(model_name="matter", name="matter_stage"),
    ]  # fmt: skip
