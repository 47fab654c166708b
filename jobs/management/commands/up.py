"""The whole portal in one start: migrations, demo region, web, worker, scheduler."""

import fcntl
import json
import signal
import socket
import sys
import threading
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPException
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from accounts.models import User
from accounts.permissions import Role
from jobs.scheduler import tend_until
from jobs.supervisor import Program, Supervisor

WEB_THREADS = 8
START_SECONDS = 60


class Command(BaseCommand):
    help = "Запускает портал целиком: миграции, демонстрационный регион, веб, исполнитель заданий."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-seed", action="store_true", help="Не загружать демонстрационный регион.")
        parser.add_argument("--host", default="127.0.0.1", help="Адрес, на котором слушать.")
        parser.add_argument("--port", type=int, default=settings.PORT, help="Порт (по умолчанию PORT).")

    def handle(self, *_args: Any, **options: Any) -> None:
        host, port = options["host"], options["port"]
        with only_one():
            refuse_busy_port(host, port)
            self._prepare(with_seed=not options["no_seed"])
            self._serve(host, port)

    def _prepare(self, *, with_seed: bool) -> None:
        self._say("Готовим базу данных…")
        call_command("migrate", interactive=False, verbosity=0)
        call_command("load_reference_data", stdout=StringIO())
        if with_seed and "seed" in get_commands() and not User.objects.exists():
            self._say("Загружаем демонстрационный регион…")
            seed()
        connection.close()

    def _serve(self, host: str, port: int) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        supervisor = Supervisor(programs(host, port), folder=settings.BASE_DIR)
        supervisor.start()
        scheduler = threading.Thread(target=tend_until, args=(stop,), name="scheduler", daemon=True)
        scheduler.start()
        greeter = threading.Thread(target=self._greet, args=(host, port, stop), daemon=True)
        greeter.start()
        try:
            supervisor.keep_until(stop)
        finally:
            self._say("Останавливаем…")
            stop.set()
            supervisor.stop()

    def _greet(self, host: str, port: int, stop: threading.Event) -> None:
        """Print the address as soon as it answers."""
        if not wait_for(host, port, stop):
            return
        address = f"\nОриентир: http://{host}:{port}/"
        self._say("\n".join([address, *signin_lines(settings.DEMO_SIGNINS), "Остановить: Ctrl-C"]))

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


@contextmanager
def only_one() -> Iterator[None]:
    """Hold the data directory: two supervisors on one SQLite file and one port only confuse."""
    with Path(settings.DATA_DIR / "up.lock").open("w", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise CommandError(
                f"Портал уже запущен с данными из {settings.DATA_DIR}. Остановите его или укажите другой DATA_DIR.",
            ) from None
        yield


def refuse_busy_port(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise CommandError(f"Порт {port} занят. Укажите другой: PORT={port + 1} make run") from None


def seed() -> None:
    """Load the demo region as one transaction: a start that was interrupted leaves nothing half done."""
    with transaction.atomic():
        call_command("seed", stdout=StringIO())


def signin_lines(path: Path) -> list[str]:
    """Return one line per role of the demo region; nothing where there is none.

    path: JSON list of {"login", "password", "role", "territory"}, written by the command `seed`.
    """
    if not path.exists():
        return []
    first: dict[str, dict[str, str]] = {}
    for user in json.loads(path.read_text(encoding="utf-8")):
        first.setdefault(user["role"], user)
    titles = dict(Role.choices)
    lines = [f"  {titles.get(role, role):<28} {u['login']} / {u['password']}" for role, u in first.items()]
    return ["Входы демонстрационного региона (имя / пароль):", *lines]


def wait_for(host: str, port: int, stop: threading.Event) -> bool:
    """Return whether the web server answers, whatever it says, before time is up."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and not stop.wait(0.1):
        if answers(host, port):
            return True
    return False


def answers(host: str, port: int) -> bool:
    with closing(HTTPConnection(host, port, timeout=2)) as web:
        try:
            web.request("GET", "/healthz/live")
            web.getresponse()
        except (OSError, HTTPException):
            return False
    return True


def programs(host: str, port: int) -> list[Program]:
    processes = settings.WEB_CONCURRENCY or (1 if connection.vendor == "sqlite" else 2)
    web = (
        f"-m gunicorn config.wsgi:application --bind {host}:{port} --worker-class gthread --workers {processes}"
        f" --threads {WEB_THREADS} --timeout 60 --graceful-timeout 20 --log-level warning --no-control-socket"
    )
    worker = (
        "-m celery -q -A config worker --pool prefork --loglevel WARNING"
        " --without-gossip --without-mingle --without-heartbeat"
    )
    quiet = ["-W", "ignore:You're running the worker with superuser"]  # a container's only user may be root
    return [
        Program(name="web", command=[sys.executable, *web.split()]),
        # A document takes a whole core for seconds: pages come first (docs/operations.md).
        Program(name="worker", command=[sys.executable, *quiet, *worker.split()], nice=10),
    ]
