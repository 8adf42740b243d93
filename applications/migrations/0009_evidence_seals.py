"""Seals over the chains of events, what the other side told of its own, and two indexes for what tick looks for."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0008_licence_life"),
    ]

    operations = [
        migrations.CreateModel(
            name="EvidenceSeal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(unique=True, verbose_name="第几次封存")),
                ("previous", models.CharField(blank=True, max_length=64, verbose_name="前一次封存的摘要")),
                ("at", models.DateTimeField(verbose_name="封存时间")),
                ("cases", models.PositiveIntegerField(verbose_name="办件数")),
                ("root", models.CharField(max_length=64, verbose_name="办件摘要的树根")),
                ("digest", models.CharField(max_length=64, verbose_name="摘要")),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="PeerHead",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("case_uid", models.UUIDField(verbose_name="办件")),
                ("place", models.PositiveIntegerField(verbose_name="链上第几条")),
                ("digest", models.CharField(max_length=64, verbose_name="摘要")),
                ("received_at", models.DateTimeField(verbose_name="收到时间")),
            ],
            options={
                "ordering": ["case_uid", "place", "id"],
            },
        ),
        migrations.CreateModel(
            name="PeerSeal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="对方第几次封存")),
                ("previous", models.CharField(blank=True, max_length=64)),
                ("at", models.DateTimeField(verbose_name="对方封存时间")),
                ("cases", models.PositiveIntegerField(verbose_name="办件数")),
                ("root", models.CharField(max_length=64)),
                ("digest", models.CharField(max_length=64, verbose_name="摘要")),
                (
                    "witness_number",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="对方见到我方第几次封存"),
                ),
                ("witness_digest", models.CharField(blank=True, max_length=64)),
                ("received_at", models.DateTimeField(verbose_name="收到时间")),
            ],
            options={
                "ordering": ["number", "id"],
            },
        ),
        migrations.CreateModel(
            name="SealedHead",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("case_uid", models.UUIDField(verbose_name="办件")),
                ("place", models.PositiveIntegerField(verbose_name="链上第几条")),
                ("digest", models.CharField(max_length=64, verbose_name="摘要")),
            ],
            options={
                "ordering": ["seal_id", "case_uid"],
            },
        ),
        migrations.AddField(
            model_name="application",
            name="sealed_count",
            field=models.PositiveIntegerField(default=0, verbose_name="已封存到第几条"),
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(
                condition=models.Q(("event_count__gt", models.F("sealed_count"))),
                fields=["id"],
                name="application_unsealed",
            ),
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(
                condition=models.Q(("state", "CORRECTION")), fields=["correction_due"], name="application_correction"
            ),
        ),
        migrations.AddConstraint(
            model_name="peerhead",
            constraint=models.UniqueConstraint(fields=("case_uid", "place", "digest"), name="peer_head_once"),
        ),
        migrations.AddConstraint(
            model_name="peerseal",
            constraint=models.UniqueConstraint(fields=("number", "digest"), name="peer_seal_once"),
        ),
        migrations.AddField(
            model_name="sealedhead",
            name="seal",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="heads", to="applications.evidenceseal"
            ),
        ),
        migrations.AddIndex(
            model_name="sealedhead",
            index=models.Index(fields=["case_uid", "place"], name="sealed_head_case"),
        ),
        migrations.AddConstraint(
            model_name="sealedhead",
            constraint=models.UniqueConstraint(fields=("seal", "case_uid"), name="sealed_once_per_seal"),
        ),
    ]
