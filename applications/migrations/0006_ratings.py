import uuid

import django.db.models.deletion
from django.db import migrations, models

import identity.fields


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0005_one_event_per_place"),
    ]

    operations = [
        migrations.CreateModel(
            name="Rating",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "grade",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "非常满意"), (2, "满意"), (3, "基本满意"), (4, "不满意"), (5, "非常不满意")],
                        verbose_name="评价",
                    ),
                ),
                ("aspects", models.JSONField(blank=True, default=dict, verbose_name="分项评价")),
                ("text", models.TextField(blank=True, verbose_name="说明")),
                ("contact_name", models.CharField(blank=True, max_length=50, verbose_name="称呼")),
                ("contact_phone", identity.fields.EncryptedTextField(blank=True, default="", verbose_name="联系电话")),
                ("given_at", models.DateTimeField(verbose_name="评价时间")),
                (
                    "application",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rating",
                        to="applications.application",
                    ),
                ),
            ],
            options={
                "ordering": ["-given_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Remedy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "standing",
                    models.CharField(
                        choices=[
                            ("open", "待回访核实"),
                            ("hard", "列入台账整改"),
                            ("contested", "申请复核"),
                            ("answered", "已整改答复"),
                            ("explained", "已说明理由"),
                            ("set_aside", "复核不计"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("opened_on", models.DateField(verbose_name="立案日")),
                ("due", models.DateField(verbose_name="办理期限")),
                ("called_back_on", models.DateField(blank=True, null=True, verbose_name="回访日")),
                ("answer", models.TextField(blank=True, verbose_name="答复")),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="答复时间")),
                (
                    "rating",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="remedy", to="applications.rating"
                    ),
                ),
            ],
            options={
                "ordering": ["due", "id"],
            },
        ),
        migrations.CreateModel(
            name="RemedyStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("action", models.CharField(max_length=20, verbose_name="办理")),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("by_name", models.CharField(max_length=100, verbose_name="办理人")),
                ("text", models.TextField(verbose_name="记录")),
                (
                    "remedy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="applications.remedy"
                    ),
                ),
            ],
            options={
                "ordering": ["remedy_id", "id"],
            },
        ),
        migrations.AddIndex(
            model_name="rating",
            index=models.Index(fields=["-given_at"], name="rating_newest"),
        ),
        migrations.AddIndex(
            model_name="remedy",
            index=models.Index(fields=["standing", "due"], name="remedy_due"),
        ),
    ]
