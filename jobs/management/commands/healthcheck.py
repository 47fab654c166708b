"""Tell whether the portal is well."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from jobs import health


class Command(BaseCommand):
    help = "Проверяет базу данных, очередь, исполнителя, хранилище файлов и место на диске."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="Напечатать один объект JSON.")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print the checks; exit with 1 when the portal cannot work."""
        checks = health.run_checks()
        status = health.overall(checks)
        if options["json"]:
            plain = {name: {"status": check.status, "text": check.text} for name, check in checks.items()}
            self.stdout.write(json.dumps({"status": status, "checks": plain}, ensure_ascii=False))
        else:
            for name, check in checks.items():
                self.stdout.write(f"{check.status:<9} {name:<9} {check.text}")
        if status is health.Health.DOWN:
            self.stderr.write("Портал не готов к работе.")
            sys.exit(1)
