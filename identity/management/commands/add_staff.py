"""``manage.py add_staff USERNAME NAME --department CODE --role clerk``: create or update a staff account."""

import getpass
import os
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from identity.models import Department, Role
from identity.services import save_staff


class Command(BaseCommand):
    """One staff account with posts in one department; its other posts are ended."""

    help = "建立或更新一个工作人员账号及其岗位。密码从 HALL_NEW_PASSWORD 读取，没有就在终端输入；留空则不改。"

    def add_arguments(self, parser: CommandParser) -> None:
        """User name, name, department, roles."""
        parser.add_argument("username")
        parser.add_argument("name")
        parser.add_argument("--department", required=True, help="部门编码")
        parser.add_argument("--office", default="", help="处室名称")
        parser.add_argument("--role", action="append", required=True, choices=Role.values)

    def handle(self, *args: Any, **options: Any) -> None:
        """Writes the account and its posts, or nothing."""
        department = Department.objects.filter(code=options["department"]).first()
        if department is None:
            raise CommandError(f"没有编码为 {options['department']} 的部门，请先运行 load_departments。")
        password = os.environ.get("HALL_NEW_PASSWORD")
        if password is None:
            password = getpass.getpass("新密码：")
        posts = [(department, role, options["office"]) for role in options["role"]]
        try:
            user = save_staff(options["username"], options["name"], password, posts)
        except ValidationError as error:
            raise CommandError("；".join(error.messages)) from error
        except ObjectDoesNotExist as error:
            raise CommandError(f"{department} 没有处室“{options['office']}”。") from error
        self.stdout.write(f"{user.display_name}（{user.username}）：{department} {'、'.join(options['role'])}")
