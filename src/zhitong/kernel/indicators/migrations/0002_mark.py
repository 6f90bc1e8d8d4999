"""Definitions of indicators are kept in memory: a mark says when they changed."""

from django.db import migrations

FORWARD = """
CREATE TRIGGER indicator_mark AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON indicators_indicator
  FOR EACH STATEMENT EXECUTE FUNCTION events_set_mark('indicators');
INSERT INTO events_mark (name, value) VALUES ('indicators', gen_random_uuid()) ON CONFLICT DO NOTHING;
"""
BACKWARD = """
DROP TRIGGER indicator_mark ON indicators_indicator;
DELETE FROM events_mark WHERE name = 'indicators';
"""


class Migration(migrations.Migration):
    dependencies = [("indicators", "0001_initial"), ("events", "0003_mark")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
