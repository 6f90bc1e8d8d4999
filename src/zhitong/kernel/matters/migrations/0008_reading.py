"""What lists and searches read by: an index each for what is asked, none twice, and with the words of a matter its organs."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

SEEN = """
CREATE FUNCTION matters_task_seen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE matters_matterwords w SET organs = w.organs || t.organs
  FROM (SELECT n.matter_id, array_agg(DISTINCT n.organ_id) AS organs FROM new_tasks n JOIN matters_matterwords o USING (matter_id)
        WHERE n.organ_id <> ALL (o.organs) GROUP BY n.matter_id) t
  WHERE w.matter_id = t.matter_id;
  RETURN NULL;
END $$;
CREATE TRIGGER task_seen AFTER INSERT ON matters_task REFERENCING NEW TABLE AS new_tasks
  FOR EACH STATEMENT EXECUTE FUNCTION matters_task_seen();
"""
UNSEEN = "DROP TRIGGER task_seen ON matters_task; DROP FUNCTION matters_task_seen()"
SO_FAR = """
UPDATE matters_matterwords w SET organs = t.organs
FROM (SELECT matter_id, array_agg(DISTINCT organ_id) AS organs FROM matters_task GROUP BY matter_id) t
WHERE w.matter_id = t.matter_id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("matters", "0007_erased_at"),
        ("organisation", "0002_mark"),
        ("register", "0001_initial"),
        ("territory", "0003_common_mark"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="matter",
            name="matter_lead",
        ),
        migrations.RemoveIndex(
            model_name="matter",
            name="matter_due",
        ),
        migrations.RemoveIndex(
            model_name="matter",
            name="matter_lead_due",
        ),
        migrations.RemoveIndex(
            model_name="matterwords",
            name="matter_words",
        ),
        migrations.RemoveIndex(
            model_name="task",
            name="task_organ",
        ),
        migrations.RemoveIndex(
            model_name="task",
            name="task_assignee",
        ),
        migrations.AddField(
            model_name="matterwords",
            name="organs",
            field=django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), db_default=[], size=None),
        ),
        migrations.RunSQL(SO_FAR, migrations.RunSQL.noop),
        migrations.RunSQL(SEEN, UNSEEN),
        migrations.AlterField(
            model_name="clock",
            name="calendar",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="matters.calendar"
            ),
        ),
        migrations.AlterField(
            model_name="matter",
            name="area",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="territory.division",
            ),
        ),
        migrations.AlterField(
            model_name="matter",
            name="lead",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organisation.organ",
            ),
        ),
        migrations.AlterField(
            model_name="participant",
            name="matter",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="participants",
                to="matters.matter",
            ),
        ),
        migrations.AlterField(
            model_name="record",
            name="matter",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="records", to="matters.matter"
            ),
        ),
        migrations.AlterField(
            model_name="task",
            name="assignee",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organisation.staff",
            ),
        ),
        migrations.AlterField(
            model_name="task",
            name="organ",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisation.organ"
            ),
        ),
        migrations.AddIndex(
            model_name="matter",
            index=models.Index(fields=["lead", "-id"], name="matter_lead_newest"),
        ),
        migrations.AddIndex(
            model_name="matter",
            index=models.Index(condition=models.Q(("closed_at", None)), fields=["due_at", "id"], name="matter_due"),
        ),
        migrations.AddIndex(
            model_name="matterwords",
            index=django.contrib.postgres.indexes.GinIndex(
                models.F("words"),
                models.F("organs"),
                models.Func(models.F("matter"), template="(ARRAY[left(%(expressions)s::text, 5)])"),
                name="matter_found",
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(fields=["organ", "matter"], name="task_organ_matter"),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(condition=models.Q(("state", "open")), fields=["organ", "matter"], name="task_open"),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                condition=models.Q(("assignee__isnull", False)),
                fields=["assignee", "state", "matter"],
                name="task_assignee",
            ),
        ),
    ]
