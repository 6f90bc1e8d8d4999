"""A task knows how its matter stands while that is open, so that what waits for an organ is read from one index, in the order it is due."""

from django.db import migrations, models

# Written by whoever writes the matter, in the same transaction: a task that is sent reads it, a matter that moves tells its tasks.
KNOW = """
CREATE FUNCTION matters_task_asks() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE m record;
BEGIN
  SELECT kind, stage, grade, due_at, is_paused, closed_at IS NULL AS is_live INTO m FROM matters_matter WHERE id = NEW.matter_id;
  IF FOUND THEN
    NEW.kind := m.kind; NEW.stage := m.stage; NEW.grade := m.grade;
    NEW.due_at := m.due_at; NEW.is_paused := m.is_paused; NEW.is_live := m.is_live;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER task_sent BEFORE INSERT ON matters_task FOR EACH ROW EXECUTE FUNCTION matters_task_asks();

CREATE FUNCTION matters_matter_tells() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE matters_task SET kind = NEW.kind, stage = NEW.stage, grade = NEW.grade, due_at = NEW.due_at,
    is_paused = NEW.is_paused, is_live = NEW.closed_at IS NULL
  WHERE matter_id = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER matter_moved AFTER UPDATE OF kind, stage, grade, due_at, is_paused, closed_at ON matters_matter FOR EACH ROW
  WHEN ((OLD.closed_at IS NULL OR NEW.closed_at IS NULL)
    AND (OLD.kind, OLD.stage, OLD.grade, OLD.due_at, OLD.is_paused, OLD.closed_at IS NULL)
    IS DISTINCT FROM (NEW.kind, NEW.stage, NEW.grade, NEW.due_at, NEW.is_paused, NEW.closed_at IS NULL))
  EXECUTE FUNCTION matters_matter_tells();
"""
KNOW_NOT = """
DROP TRIGGER matter_moved ON matters_matter; DROP FUNCTION matters_matter_tells();
DROP TRIGGER task_sent ON matters_task; DROP FUNCTION matters_task_asks()
"""
SO_FAR = """
UPDATE matters_task t SET kind = m.kind, stage = m.stage, grade = m.grade, due_at = m.due_at, is_paused = m.is_paused, is_live = true
FROM matters_matter m WHERE m.id = t.matter_id AND m.closed_at IS NULL
"""
# As for matters (0009): what is counted from an index alone is so as long as vacuum comes.
OFTEN = """
ALTER TABLE matters_task SET (autovacuum_vacuum_scale_factor = 0.005, autovacuum_vacuum_insert_scale_factor = 0.005)
"""
SELDOM = "ALTER TABLE matters_task RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_insert_scale_factor)"
GRADES = [
    ("on_time", "正常"), ("warning", "临期"), ("overdue", "超期"), ("moderate", "较重超期"), ("severe", "严重超期"),
]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("matters", "0012_opened_by_kind"), ("organisation", "0002_mark")]

    operations = [
        migrations.RemoveIndex(model_name="task", name="task_open"),
        migrations.AddField("task", "kind", models.CharField(max_length=40, db_default="", editable=False)),
        migrations.AddField("task", "stage", models.CharField(max_length=40, db_default="", editable=False)),
        migrations.AddField(
            "task", "grade", models.CharField(max_length=10, choices=GRADES, db_default="", editable=False)
        ),
        migrations.AddField("task", "due_at", models.DateTimeField(null=True, editable=False)),
        migrations.AddField("task", "is_paused", models.BooleanField(db_default=False, editable=False)),
        migrations.AddField("task", "is_live", models.BooleanField(db_default=False, editable=False)),
        migrations.RunSQL(SO_FAR, migrations.RunSQL.noop),
        migrations.RunSQL(KNOW, KNOW_NOT),
        migrations.RunSQL(OFTEN, SELDOM),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                fields=["organ", "due_at", "matter"],
                include=("state", "role", "assignee", "sent_at", "kind", "stage", "grade", "is_paused", "is_live"),
                name="task_live",
                condition=models.Q(is_live=True),
            ),
        ),
    ]
