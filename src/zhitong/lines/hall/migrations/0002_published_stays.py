"""PostgreSQL itself refuses to change what was published, but for its end."""

from typing import ClassVar

from django.db import migrations

PROTECT = """
CREATE FUNCTION hall_version_keep() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    may_change text[] := ARRAY['state', 'ended_on', 'reason'];
BEGIN
    IF OLD.state = 'draft' THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.state <> 'draft' AND (OLD.state = NEW.state OR NEW.state = 'withdrawn')
        AND to_jsonb(OLD) - may_change = to_jsonb(NEW) - may_change THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a published version is never changed: % is refused', TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER hall_version_keep BEFORE UPDATE OR DELETE ON hall_version
    FOR EACH ROW EXECUTE FUNCTION hall_version_keep();
CREATE FUNCTION hall_material_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM hall_version
        WHERE state <> 'draft' AND id IN (
            CASE WHEN TG_OP <> 'INSERT' THEN OLD.version_id END, CASE WHEN TG_OP <> 'DELETE' THEN NEW.version_id END
        )
    ) THEN
        RAISE EXCEPTION 'materials of a published version are never changed: % is refused', TG_OP
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER hall_material_keep BEFORE INSERT OR UPDATE OR DELETE ON hall_material
    FOR EACH ROW EXECUTE FUNCTION hall_material_keep();
"""

UNPROTECT = """
DROP TRIGGER hall_material_keep ON hall_material;
DROP FUNCTION hall_material_keep();
DROP TRIGGER hall_version_keep ON hall_version;
DROP FUNCTION hall_version_keep();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("hall", "0001_initial")]
    operations: ClassVar = [migrations.RunSQL(PROTECT, UNPROTECT)]
