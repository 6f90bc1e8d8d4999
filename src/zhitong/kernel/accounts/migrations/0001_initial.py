import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import zhitong.base.identifiers


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("organisation", "0001_initial"),
        ("territory", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Account",
            fields=[
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "id",
                    models.UUIDField(
                        default=zhitong.base.identifiers.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "username",
                    models.CharField(
                        error_messages={"unique": "该登录名已被使用，请换一个。"},
                        max_length=64,
                        unique=True,
                        verbose_name="登录名",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="在用")),
                ("is_staff", models.BooleanField(default=False, verbose_name="可进入管理后台")),
                ("is_superuser", models.BooleanField(default=False, verbose_name="超级管理员")),
                ("language", models.CharField(blank=True, default="", max_length=10, verbose_name="界面语言")),
                ("must_change_password", models.BooleanField(default=False, verbose_name="下次登录须修改密码")),
                ("is_demo_persona", models.BooleanField(default=False, verbose_name="演示角色")),
                ("description", models.CharField(blank=True, max_length=200, verbose_name="说明")),
                ("description_en", models.CharField(blank=True, max_length=200, verbose_name="英文说明")),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="开通时间"),
                ),
                (
                    "staff",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="account",
                        to="organisation.staff",
                        verbose_name="工作人员",
                    ),
                ),
            ],
            options={
                "verbose_name": "账号",
                "verbose_name_plural": "账号",
            },
        ),
        migrations.CreateModel(
            name="Rate",
            fields=[
                ("key", models.CharField(max_length=100, primary_key=True, serialize=False)),
                ("free_at", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="Role",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=zhitong.base.identifiers.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("slug", models.SlugField(max_length=40, unique=True, verbose_name="代号")),
                ("name", models.CharField(max_length=40, verbose_name="名称")),
                ("name_en", models.CharField(blank=True, max_length=60, verbose_name="英文名称")),
                (
                    "permissions",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="权限",
                    ),
                ),
                (
                    "offered",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), blank=True, default=list, editable=False, size=None
                    ),
                ),
                ("description", models.CharField(blank=True, max_length=200, verbose_name="说明")),
                ("needs_second_factor", models.BooleanField(default=False, verbose_name="须启用动态口令")),
                ("sort", models.PositiveSmallIntegerField(default=100, verbose_name="排序")),
            ],
            options={
                "verbose_name": "岗位角色",
                "verbose_name_plural": "岗位角色",
                "ordering": ["sort", "slug"],
            },
        ),
        migrations.CreateModel(
            name="SecondFactor",
            fields=[
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="second_factor",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("sealed", models.BinaryField()),
                ("added_at", models.DateTimeField()),
                ("last_step", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="RecoveryCode",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=zhitong.base.identifiers.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("digest", models.CharField(max_length=64)),
                ("used_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="recovery_codes",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Grant",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=zhitong.base.identifiers.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "scope",
                    models.CharField(
                        choices=[
                            ("all", "全区"),
                            ("division", "辖区及下级"),
                            ("organ", "本单位及下级"),
                            ("own", "本人经办"),
                        ],
                        default="organ",
                        max_length=10,
                        verbose_name="范围",
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="生效日期")),
                (
                    "valid_to",
                    models.DateField(
                        blank=True, help_text="自当日起不再有效；不填即长期有效。", null=True, verbose_name="失效日期"
                    ),
                ),
                (
                    "division",
                    models.ForeignKey(
                        blank=True,
                        help_text="不填即岗位所在辖区。",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territory.division",
                        verbose_name="指定辖区",
                    ),
                ),
                (
                    "organ",
                    models.ForeignKey(
                        blank=True,
                        help_text="不填即岗位所在单位。",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisation.organ",
                        verbose_name="指定单位",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grants",
                        to="organisation.post",
                        verbose_name="岗位",
                    ),
                ),
                (
                    "role",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grants",
                        to="accounts.role",
                        verbose_name="岗位角色",
                    ),
                ),
            ],
            options={
                "verbose_name": "授权",
                "verbose_name_plural": "授权",
            },
        ),
        migrations.AddIndex(
            model_name="account",
            index=models.Index(
                condition=models.Q(("is_demo_persona", True)), fields=["username"], name="account_personas"
            ),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(("username", django.db.models.functions.text.Lower("username"))),
                name="account_username_lower",
                violation_error_message="登录名请用小写字母。",
            ),
        ),
        migrations.AddConstraint(
            model_name="recoverycode",
            constraint=models.UniqueConstraint(fields=("account", "digest"), name="recovery_code_once"),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                ),
                name="grant_ends_after_start",
                violation_error_message="失效日期须晚于生效日期。",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.UniqueConstraint(
                fields=("post", "role", "scope", "organ", "division", "valid_from"),
                name="grant_once",
                nulls_distinct=False,
                violation_error_message="该岗位已有相同授权。",
            ),
        ),
        migrations.RunSQL(
            "ALTER TABLE accounts_rate SET UNLOGGED",
            reverse_sql="ALTER TABLE accounts_rate SET LOGGED",
        ),
    ]
