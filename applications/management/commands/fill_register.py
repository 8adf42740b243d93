"""``manage.py fill_register``: enter every licence granted so far into the public register."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from applications import register
from applications.models import Application
from applications.states import GRANTS


class Command(BaseCommand):
    """For a site that granted licences before it had the register; running it again changes nothing."""

    help = "把已经准予的行政许可补录进行政许可公示（内网）；再次运行不会重复"

    def handle(self, *args: Any, **options: Any) -> None:
        """One line: how many were new or changed."""
        if settings.HALL_SIDE != "inner":
            raise CommandError("许可决定由内网作出，请在内网站点运行。")
        cases = Application.objects.filter(events__action__in=GRANTS).select_related("guide_version", "department")
        changed = sum(register.enter(case) for case in cases.order_by("decided_at", "pk").iterator(200))
        self.stdout.write(f"行政许可公示新增或更新 {changed} 条")
