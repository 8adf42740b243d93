"""What all commands of sync share: failures become one Chinese sentence and exit code 1; ``--json``."""

import json
from abc import ABC, abstractmethod
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, ProgrammingError

from sync import durable
from sync.reasons import CannotProceed


class SyncCommand(BaseCommand, ABC):
    """Implement ``run``; it returns the exit code."""

    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="以 JSON 输出")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            code = self.run(**options)
        except CannotProceed as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(durable.explain(error)) from error
        except (OperationalError, ProgrammingError) as error:
            raise CommandError(durable.explain_database(error)) from error
        if code:
            raise SystemExit(code)

    @abstractmethod
    def run(self, **options: Any) -> int:
        """Do the work; the exit code."""

    def show(self, text: str, data: object, *, as_json: bool) -> None:
        """Print for people or for machines."""
        self.stdout.write(json.dumps(data, ensure_ascii=False, indent=2) if as_json else text)
