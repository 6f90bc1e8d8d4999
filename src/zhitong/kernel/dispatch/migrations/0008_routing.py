import django.db.models.deletion
from django.db import migrations, models

import zhitong.base.identifiers

FIRST = "INSERT INTO events_mark (name, value) VALUES ('routing', gen_random_uuid()) ON CONFLICT DO NOTHING"
NONE = "DELETE FROM events_mark WHERE name = 'routing'"


class Migration(migrations.Migration):
    dependencies = [
        ("dispatch", "0007_alarms"),
        ("matters", "0012_opened_by_kind"),
        ("organisation", "0002_mark"),
    ]

    operations = [
        migrations.CreateModel(
            name="RoutingRule",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=zhitong.base.identifiers.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=60, verbose_name="规则名称")),
                ("position", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "草稿"), ("on", "已启用"), ("off", "已停用")], default="draft", max_length=6
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("when", models.JSONField(default=dict)),
                ("urgency", models.CharField(blank=True, max_length=10)),
                ("to_person", models.BooleanField(default=False)),
                ("changed_at", models.DateTimeField()),
                ("by_label", models.CharField(max_length=120)),
                (
                    "organ",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisation.organ",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RuleUse",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=zhitong.base.identifiers.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("version", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                ("is_followed", models.BooleanField()),
                ("is_automatic", models.BooleanField(default=False)),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="matters.matter"
                    ),
                ),
                (
                    "rule",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="uses",
                        to="dispatch.routingrule",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="routingrule",
            index=models.Index(fields=["kind", "position"], name="rule_order"),
        ),
        migrations.AddConstraint(
            model_name="routingrule",
            constraint=models.CheckConstraint(
                condition=models.Q(("organ", None), ("to_person", False), ("urgency", ""), _negated=True),
                name="rule_does_something",
            ),
        ),
        migrations.AddIndex(
            model_name="ruleuse",
            index=models.Index(fields=["rule", "-at"], name="rule_use_of"),
        ),
        migrations.RunSQL(FIRST, NONE),
    ]
