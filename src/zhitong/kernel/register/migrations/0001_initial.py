import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import zhitong.base.identifiers


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Person",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=zhitong.base.identifiers.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=60, verbose_name="姓名")),
                ("citizen_id_sealed", models.BinaryField(null=True)),
                ("citizen_id_blind", models.BinaryField(null=True)),
                (
                    "citizen_id_masked",
                    models.CharField(blank=True, editable=False, max_length=18, verbose_name="身份证号"),
                ),
                (
                    "gender",
                    models.CharField(
                        blank=True, choices=[("female", "女"), ("male", "男")], max_length=6, verbose_name="性别"
                    ),
                ),
                ("born_on", models.DateField(blank=True, null=True, verbose_name="出生日期")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="备注")),
                ("identity", models.BinaryField(null=True)),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="登记时间"),
                ),
            ],
            options={
                "verbose_name": "人员",
                "verbose_name_plural": "人员",
                "indexes": [models.Index(fields=["name"], name="person_name")],
                "constraints": [
                    models.UniqueConstraint(fields=("citizen_id_blind",), name="person_citizen_id_once"),
                    models.UniqueConstraint(fields=("identity",), name="person_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("citizen_id_blind__isnull", True),
                                ("citizen_id_masked", ""),
                                ("citizen_id_sealed__isnull", True),
                            ),
                            models.Q(
                                ("citizen_id_blind__isnull", False),
                                ("citizen_id_sealed__isnull", False),
                                models.Q(("citizen_id_masked", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="person_citizen_id_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=zhitong.base.identifiers.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("phone", "电话"), ("email", "电子邮箱")], max_length=5, verbose_name="类型"
                    ),
                ),
                ("sealed", models.BinaryField()),
                ("blind", models.BinaryField()),
                ("masked", models.CharField(editable=False, max_length=100, verbose_name="联系方式")),
                ("is_primary", models.BooleanField(default=False, verbose_name="首选")),
                ("verified_at", models.DateTimeField(blank=True, null=True, verbose_name="核实时间")),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="登记时间"),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contacts",
                        to="register.person",
                        verbose_name="人员",
                    ),
                ),
            ],
            options={
                "verbose_name": "联系方式",
                "verbose_name_plural": "联系方式",
                "indexes": [models.Index(fields=["blind"], name="contact_blind")],
                "constraints": [
                    models.UniqueConstraint(fields=("person", "kind", "blind"), name="contact_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("is_primary", True)), fields=("person", "kind"), name="contact_one_primary"
                    ),
                    models.CheckConstraint(condition=models.Q(("kind__in", ["phone", "email"])), name="contact_kind"),
                ],
            },
        ),
    ]
