"""Hearings, third parties, checks by two officers, the papers of them; four more kinds of clock."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import identity.fields


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0011_recount"),
    ]

    operations = [
        migrations.AddField(
            model_name="routestep",
            name="onsite",
            field=models.BooleanField(default=False, verbose_name="要求现场核查"),
        ),
        migrations.AlterField(
            model_name="clock",
            name="kind",
            field=models.CharField(
                choices=[
                    ("intake", "受理期限"),
                    ("law", "法定期限"),
                    ("promise", "承诺期限"),
                    ("delivery", "送达期限"),
                    ("correction", "补正期限"),
                    ("silence", "告知期限"),
                    ("ask", "申请听证期限"),
                    ("hearing", "组织听证期限"),
                    ("testing", "指派检验检测检疫人员期限"),
                    ("first", "初审期限"),
                ],
                max_length=10,
            ),
        ),
        migrations.CreateModel(
            name="CasePaper",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "belongs_to",
                    models.CharField(
                        choices=[
                            ("hearing", "听证笔录"),
                            ("check", "核查记录和照片"),
                            ("third_party", "利害关系人的陈述"),
                        ],
                        max_length=12,
                        verbose_name="属于",
                    ),
                ),
                ("file_name", models.CharField(max_length=255, verbose_name="文件名")),
                ("content_type", models.CharField(max_length=100, verbose_name="类型")),
                ("size", models.PositiveBigIntegerField(verbose_name="字节")),
                ("sha256", models.CharField(max_length=64)),
                ("added_at", models.DateTimeField(verbose_name="上传时间")),
                ("added_by", models.CharField(max_length=100, verbose_name="上传人")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="case_papers",
                        to="applications.application",
                    ),
                ),
            ],
            options={
                "ordering": ["application_id", "id"],
            },
        ),
        migrations.CreateModel(
            name="Hearing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("told_on", models.DateField(verbose_name="告知听证权利日")),
                ("ask_due", models.DateField(verbose_name="申请听证的最后一日")),
                ("reason", models.TextField(blank=True, verbose_name="告知的理由")),
                ("asked_on", models.DateField(blank=True, null=True, verbose_name="申请听证日")),
                (
                    "asked_by",
                    models.CharField(
                        blank=True,
                        choices=[("applicant", "申请人"), ("third_party", "利害关系人")],
                        max_length=12,
                        verbose_name="谁申请",
                    ),
                ),
                ("asker_name", models.CharField(blank=True, max_length=100, verbose_name="申请听证的人")),
                ("noticed_on", models.DateField(blank=True, null=True, verbose_name="通知举行日")),
                ("set_for", models.DateTimeField(blank=True, null=True, verbose_name="举行时间")),
                ("place", models.CharField(blank=True, max_length=200, verbose_name="举行地点")),
                ("presider", models.CharField(blank=True, max_length=100, verbose_name="主持人")),
                ("held_on", models.DateField(blank=True, null=True, verbose_name="举行日")),
                ("record", models.TextField(blank=True, verbose_name="听证笔录")),
                ("confirmed_by", models.CharField(blank=True, max_length=300, verbose_name="笔录确认人")),
                ("dropped_on", models.DateField(blank=True, null=True, verbose_name="终止听证日")),
                (
                    "application",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="hearing",
                        to="applications.application",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SiteCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("onsite", "现场核查"), ("testing", "检验、检测、检疫")],
                        max_length=10,
                        verbose_name="种类",
                    ),
                ),
                ("step_order", models.PositiveSmallIntegerField(verbose_name="环节次序")),
                ("step_department", models.CharField(max_length=50, verbose_name="环节部门")),
                ("check_on", models.DateField(verbose_name="核查日期")),
                ("officers", models.JSONField(default=list, verbose_name="核查人员")),
                ("assigned_on", models.DateField(verbose_name="指派日")),
                ("findings", models.TextField(blank=True, verbose_name="核查情况")),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        choices=[("passed", "符合要求"), ("to_mend", "需要整改"), ("failed", "不符合要求")],
                        max_length=10,
                        verbose_name="结论",
                    ),
                ),
                ("recorded_at", models.DateTimeField(blank=True, null=True, verbose_name="记录时间")),
                ("recorded_by", models.CharField(blank=True, max_length=100, verbose_name="记录人")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="site_checks",
                        to="applications.application",
                    ),
                ),
            ],
            options={
                "ordering": ["application_id", "id"],
            },
        ),
        migrations.CreateModel(
            name="ThirdParty",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(max_length=100, verbose_name="利害关系人")),
                ("contact", identity.fields.EncryptedTextField(default="", verbose_name="联系方式")),
                ("interest", models.TextField(verbose_name="有什么利害关系")),
                ("told_on", models.DateField(verbose_name="告知日")),
                ("told_how", models.CharField(max_length=20, verbose_name="告知方式")),
                ("answer_due", models.DateField(verbose_name="陈述的最后一日")),
                ("heard_on", models.DateField(blank=True, null=True, verbose_name="听取意见日")),
                (
                    "heard_how",
                    models.CharField(
                        blank=True,
                        choices=[("spoken", "当面陈述"), ("written", "书面陈述"), ("silent", "期满没有陈述")],
                        max_length=10,
                        verbose_name="怎样听取",
                    ),
                ),
                ("statement", models.TextField(blank=True, verbose_name="陈述的意见")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="third_parties",
                        to="applications.application",
                    ),
                ),
            ],
            options={
                "ordering": ["application_id", "id"],
            },
        ),
    ]
