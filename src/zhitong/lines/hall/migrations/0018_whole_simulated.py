"""Simulated runs that lack nothing any more carry a mark: they are found without reading all there ever were."""

from django.db import migrations, models

# As the moves mark it from now on: approved, something came after that, and nothing is missing.
MARKED = """
UPDATE hall_application SET is_whole = true
FROM matters_matter
WHERE is_simulated AND id = matter_id AND stage = 'simulated' AND outcome = 'approved'
AND EXISTS (
  SELECT FROM hall_handed WHERE application_id = hall_application.matter_id AND state = 'handed' AND at > hall_application.decided_at
)
AND NOT EXISTS (SELECT FROM hall_handed WHERE application_id = hall_application.matter_id AND state = 'missing')
"""


class Migration(migrations.Migration):
    dependencies = [("hall", "0017_simulated_runs"), ("matters", "0017_opened_standing")]

    operations = [
        migrations.AddField(
            model_name="application",
            name="is_whole",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.RunSQL(MARKED, migrations.RunSQL.noop),
        migrations.RemoveIndex(model_name="application", name="hall_application_simulated"),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(fields=["matter"], name="hall_application_whole", condition=models.Q(is_whole=True)),
        ),
    ]
