import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import zhitong.base.identifiers

FIRST = "INSERT INTO events_mark (name, value) VALUES ('alarms', gen_random_uuid()) ON CONFLICT DO NOTHING"
NONE = "DELETE FROM events_mark WHERE name = 'alarms'"


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0003_mark"),
        ("dispatch", "0006_replies_checked"),
        ("matters", "0012_opened_by_kind"),
    ]

    operations = [
        migrations.CreateModel(
            name="AlarmWord",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=zhitong.base.identifiers.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("word", models.CharField(max_length=30, unique=True, verbose_name="词语")),
                (
                    "group",
                    models.CharField(
                        choices=[
                            ("life", "人身安全"),
                            ("fire", "火情"),
                            ("gas", "燃气"),
                            ("collapse", "坍塌"),
                            ("supply", "水电气暖"),
                            ("minors", "未成年人"),
                            ("crowd", "聚集"),
                            ("other", "其他险情"),
                        ],
                        max_length=10,
                        verbose_name="险情类别",
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[("urgent", "紧急"), ("danger", "危及生命")], max_length=10, verbose_name="紧急程度"
                    ),
                ),
                (
                    "call",
                    models.CharField(
                        blank=True,
                        choices=[("119", "119 消防"), ("110", "110 报警"), ("120", "120 急救")],
                        max_length=3,
                        verbose_name="提示拨打",
                    ),
                ),
                (
                    "unless",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=30), blank=True, default=list, size=None
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="启用")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("word", ""), _negated=True), name="alarm_word_is_said")
                ],
            },
        ),
        migrations.CreateModel(
            name="Alarmed",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=zhitong.base.identifiers.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("word", models.CharField(max_length=30)),
                ("at", models.DateTimeField()),
                ("is_false", models.BooleanField(default=False)),
                (
                    "matter",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="alarmed",
                        to="matters.matter",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["at"], name="alarmed_at")],
                "constraints": [models.UniqueConstraint(fields=("matter", "word"), name="alarmed_once")],
            },
        ),
        migrations.RunSQL(FIRST, NONE),
    ]
