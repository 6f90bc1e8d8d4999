"""Which endpoints there are is asked with every event: it is kept in memory, and a mark says when it changed."""

from django.db import migrations

FORWARD = (
    "CREATE TRIGGER endpoint_mark AFTER INSERT OR DELETE OR TRUNCATE OR UPDATE OF kinds, paused_at, removed_at "
    "ON gateway_endpoint FOR EACH STATEMENT EXECUTE FUNCTION events_set_mark('endpoints')"
)
BACKWARD = "DROP TRIGGER endpoint_mark ON gateway_endpoint"
FIRST = "INSERT INTO events_mark (name, value) VALUES ('endpoints', gen_random_uuid()) ON CONFLICT DO NOTHING"
NONE = "DELETE FROM events_mark WHERE name = 'endpoints'"


class Migration(migrations.Migration):
    dependencies = [("gateway", "0001_endpoints"), ("events", "0003_mark")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD), migrations.RunSQL(FIRST, NONE)]
