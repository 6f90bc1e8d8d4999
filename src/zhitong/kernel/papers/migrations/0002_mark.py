"""Templates in force are kept in memory: a mark says when they changed."""

from django.db import migrations

FORWARD = """
CREATE TRIGGER template_mark AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON papers_template
  FOR EACH STATEMENT EXECUTE FUNCTION events_set_mark('papers');
INSERT INTO events_mark (name, value) VALUES ('papers', gen_random_uuid()) ON CONFLICT DO NOTHING;
"""
BACKWARD = """
DROP TRIGGER template_mark ON papers_template;
DELETE FROM events_mark WHERE name = 'papers';
"""


class Migration(migrations.Migration):
    dependencies = [("papers", "0001_initial"), ("events", "0003_mark")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
