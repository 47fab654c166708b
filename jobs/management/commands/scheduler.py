"""The scheduler of a server installation: the rounds of reaper and dispatcher."""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand

from jobs.scheduler import tend_until


class Command(BaseCommand):
    help = "Возвращает в очередь задания пропавших исполнителей и досылает сообщения. Второй экземпляр не мешает."

    def handle(self, *_args: Any, **_options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        tend_until(stop)
