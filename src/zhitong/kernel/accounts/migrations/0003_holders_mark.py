"""Who holds which permission is kept in memory: a mark says when posts, appointments, grants, roles or accounts changed."""

from django.db import migrations

# Table, and the columns of which an update counts where not every one does: signing in writes its moment too.
TABLES = {
    "accounts_role": "", "accounts_grant": "", "accounts_account": " OF is_active, staff_id", "organisation_post": "",
    "organisation_appointment": "",
}  # fmt: skip

FORWARD = "".join(
    f"CREATE TRIGGER holders_mark AFTER INSERT OR UPDATE{columns} OR DELETE OR TRUNCATE ON {table}"
    " FOR EACH STATEMENT EXECUTE FUNCTION events_set_mark('holders');"
    for table, columns in TABLES.items()
)
BACKWARD = "".join(f"DROP TRIGGER holders_mark ON {table};" for table in TABLES)
FIRST = "INSERT INTO events_mark (name, value) VALUES ('holders', gen_random_uuid()) ON CONFLICT DO NOTHING"
NONE = "DELETE FROM events_mark WHERE name = 'holders'"


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_access_tokens"), ("events", "0003_mark"), ("organisation", "0002_mark")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD), migrations.RunSQL(FIRST, NONE)]
