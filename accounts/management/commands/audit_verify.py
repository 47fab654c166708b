import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.audit import broken_events, record
from accounts.choices import AuditCode
from accounts.models import AuditEvent


class Command(BaseCommand):
    help = "Проверяет цепочку журнала событий: ни одно не изменено и не удалено."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="Ответ одним объектом JSON.")

    def handle(self, *_args: Any, **options: Any) -> None:
        checked = AuditEvent.objects.count()
        broken = next(broken_events(), None)
        if broken is not None:
            raise CommandError(f"Журнал нарушен, первое событие с ошибкой: {broken.pk}.", returncode=1)
        record(AuditCode.AUDIT_VERIFIED, actor=None, events=checked)
        answer = json.dumps({"status": "ok", "events": checked})
        self.stdout.write(answer if options["json"] else f"Журнал цел, событий: {checked}.")
