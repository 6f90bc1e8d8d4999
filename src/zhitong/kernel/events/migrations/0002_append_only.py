"""PostgreSQL itself refuses to change or remove what was recorded."""

from typing import ClassVar

from django.db import migrations

PROTECT = """
CREATE FUNCTION events_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the log is append-only: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER events_event_keep BEFORE UPDATE OR DELETE ON events_event
    FOR EACH ROW EXECUTE FUNCTION events_refuse();
CREATE TRIGGER events_event_keep_all BEFORE TRUNCATE ON events_event
    FOR EACH STATEMENT EXECUTE FUNCTION events_refuse();
CREATE TRIGGER events_seal_keep BEFORE UPDATE OR DELETE ON events_seal
    FOR EACH ROW EXECUTE FUNCTION events_refuse();
CREATE TRIGGER events_seal_keep_all BEFORE TRUNCATE ON events_seal
    FOR EACH STATEMENT EXECUTE FUNCTION events_refuse();
"""

UNPROTECT = """
DROP TRIGGER events_seal_keep_all ON events_seal;
DROP TRIGGER events_seal_keep ON events_seal;
DROP TRIGGER events_event_keep_all ON events_event;
DROP TRIGGER events_event_keep ON events_event;
DROP FUNCTION events_refuse();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("events", "0001_initial")]
    operations: ClassVar = [migrations.RunSQL(PROTECT, UNPROTECT)]
