import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import zhitong.base.identifiers


class Migration(migrations.Migration):
    dependencies = [
        ("register", "0001_initial"),
        ("territory", "0003_common_mark"),
    ]

    operations = [
        migrations.CreateModel(
            name="Firm",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=zhitong.base.identifiers.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=18, unique=True, verbose_name="统一社会信用代码")),
                ("name", models.CharField(max_length=120, verbose_name="企业名称")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("limited", "有限责任公司"),
                            ("shares", "股份有限公司"),
                            ("sole", "个人独资企业"),
                            ("partnership", "合伙企业"),
                            ("individual", "个体工商户"),
                            ("cooperative", "农民专业合作社"),
                            ("branch", "分支机构"),
                        ],
                        max_length=20,
                        verbose_name="市场主体类型",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("active", "存续"),
                            ("suspended", "歇业"),
                            ("revoked", "吊销"),
                            ("cancelled", "注销"),
                            ("moved", "迁出"),
                        ],
                        default="active",
                        max_length=10,
                        verbose_name="登记状态",
                    ),
                ),
                (
                    "capital",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=18, null=True, verbose_name="注册资本（元）"
                    ),
                ),
                ("address", models.CharField(max_length=200, verbose_name="住所")),
                ("scope", models.TextField(blank=True, max_length=4000, verbose_name="经营范围")),
                ("established_on", models.DateField(verbose_name="成立日期")),
                ("term_until", models.DateField(blank=True, null=True, verbose_name="营业期限至")),
                ("registered_by", models.CharField(blank=True, max_length=120, verbose_name="登记机关")),
                ("words", django.contrib.postgres.search.SearchVectorField(editable=False)),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="登记时间"),
                ),
                (
                    "changed_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="更新时间"),
                ),
                (
                    "division",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territory.division",
                        verbose_name="所在区划",
                    ),
                ),
                (
                    "legal",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.person",
                        verbose_name="法定代表人",
                    ),
                ),
                (
                    "liaison",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.person",
                        verbose_name="联络员",
                    ),
                ),
            ],
            options={
                "verbose_name": "市场主体",
                "verbose_name_plural": "市场主体",
            },
        ),
        migrations.CreateModel(
            name="Holder",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=zhitong.base.identifiers.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("person", "自然人股东"), ("firm", "企业法人股东"), ("other", "其他投资者")],
                        max_length=10,
                        verbose_name="股东类型",
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=120, verbose_name="股东名称")),
                ("number", models.CharField(blank=True, max_length=40, verbose_name="证照号码")),
                ("amount", models.DecimalField(decimal_places=2, max_digits=18, verbose_name="认缴出资额（元）")),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("money", "货币"),
                            ("goods", "实物"),
                            ("know_how", "知识产权"),
                            ("land", "土地使用权"),
                            ("equity", "股权或债权"),
                        ],
                        default="money",
                        max_length=10,
                        verbose_name="出资方式",
                    ),
                ),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="出资日期")),
                (
                    "firm",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="holders", to="register.firm"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="register.person"
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
            },
        ),
        migrations.CreateModel(
            name="Officer",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=zhitong.base.identifiers.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "duty",
                    models.CharField(
                        choices=[
                            ("chair", "董事长"),
                            ("executive", "执行公司事务的董事"),
                            ("director", "董事"),
                            ("supervisor", "监事"),
                            ("manager", "经理"),
                        ],
                        max_length=20,
                        verbose_name="职务",
                    ),
                ),
                (
                    "firm",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="officers", to="register.firm"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="register.person"
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
            },
        ),
        migrations.AddIndex(
            model_name="firm",
            index=django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=["words"], name="firm_words"),
        ),
        migrations.AddConstraint(
            model_name="firm",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "cancelled"), _negated=True), fields=("name",), name="firm_name_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="firm",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["limited", "shares", "sole", "partnership", "individual", "cooperative", "branch"])
                ),
                name="firm_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="firm",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["active", "suspended", "revoked", "cancelled", "moved"])),
                name="firm_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="firm",
            constraint=models.CheckConstraint(
                condition=models.Q(("capital__isnull", True), ("capital__gt", 0), _connector="OR"), name="firm_capital"
            ),
        ),
        migrations.AddConstraint(
            model_name="firm",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("term_until__isnull", True), ("term_until__gte", models.F("established_on")), _connector="OR"
                ),
                name="firm_term",
            ),
        ),
        migrations.AddConstraint(
            model_name="holder",
            constraint=models.UniqueConstraint(fields=("firm", "position"), name="holder_position"),
        ),
        migrations.AddConstraint(
            model_name="holder",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="holder_amount"),
        ),
        migrations.AddConstraint(
            model_name="holder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "person"), ("title", "")),
                    models.Q(models.Q(("kind", "person"), _negated=True), models.Q(("title", ""), _negated=True)),
                    _connector="OR",
                ),
                name="holder_named",
            ),
        ),
        migrations.AddConstraint(
            model_name="officer",
            constraint=models.UniqueConstraint(fields=("firm", "position"), name="officer_position"),
        ),
    ]
