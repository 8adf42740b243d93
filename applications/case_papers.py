"""Papers that officers add to a case: the signed record of a hearing, photos of a check. Checked like applicants' uploads."""

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from applications import evidence, file_checks, uploads
from applications.actors import Actor
from applications.errors import NotPossible
from applications.models import Application, CasePaper
from applications.models.site_check import PaperOf

FORMATS = ["pdf", "jpg", "png"]
MOST = 100  # papers of one case


def add(case: Application, belongs_to: str, file: UploadedFile, *, actor: Actor) -> CasePaper:
    """Check and keep one paper, with its Event. FileRefused or NotPossible with a sentence; then nothing is kept."""
    if belongs_to not in PaperOf.values:
        raise NotPossible("请选择这份文件属于听证、核查还是利害关系人。")
    limit = settings.HALL_MAX_UPLOAD_MB
    checked = file_checks.check(file, file.name or "", file.size or 0, formats=FORMATS, max_mb=limit)
    sha256 = uploads.store(file)
    with transaction.atomic():
        locked = Application.objects.select_for_update().get(pk=case.pk)
        if locked.is_ended or locked.case_papers.count() >= MOST:
            raise NotPossible(f"已经结束的办件不能再上传办理记录；一件申请最多 {MOST} 份。")
        said = {"belongs_to": belongs_to, "file_name": checked.file_name, "sha256": sha256}
        evidence.record_act(locked, "add_paper", actor=actor, data=said)
        return CasePaper.objects.create(
            application=locked,
            belongs_to=belongs_to,
            file_name=checked.file_name,
            content_type=checked.content_type,
            size=checked.size,
            sha256=sha256,
            added_at=timezone.now(),
            added_by=actor.name,
        )
