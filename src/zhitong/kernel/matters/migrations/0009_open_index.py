"""What is open is counted from its index alone; vacuum keeps it so, and nobody waits while it is built."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

# Whether a row must be looked at besides its index is known per page since the last vacuum.  By default that comes after a
# fifth of the table has changed, which is half a year of a large one; pages that did not change are passed over.
OFTEN = """
ALTER TABLE matters_matter SET (autovacuum_vacuum_scale_factor = 0.005, autovacuum_vacuum_insert_scale_factor = 0.005)
"""
SELDOM = "ALTER TABLE matters_matter RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_insert_scale_factor)"
# How many of the open matters are late, or stand in a stage, does not follow from how many are open and how many are late.
KNOWN = """
CREATE STATISTICS matter_open_grade (mcv) ON closed_at, grade FROM matters_matter;
CREATE STATISTICS matter_open_stage (mcv) ON closed_at, stage FROM matters_matter
"""
UNKNOWN = "DROP STATISTICS matter_open_grade; DROP STATISTICS matter_open_stage"


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("matters", "0008_reading")]

    operations = [
        AddIndexConcurrently(
            model_name="matter",
            index=models.Index(
                condition=models.Q(("closed_at", None)),
                fields=["due_at", "id"],
                include=(
                    "kind",
                    "stage",
                    "grade",
                    "urgency",
                    "returns",
                    "round",
                    "opened_by",
                    "opened_at",
                    "stage_at",
                    "path",
                ),
                name="matter_open",
            ),
        ),
        RemoveIndexConcurrently(model_name="matter", name="matter_due"),
        migrations.RunSQL(OFTEN, SELDOM),
        migrations.RunSQL(KNOWN, UNKNOWN),
    ]
