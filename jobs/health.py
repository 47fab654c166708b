"""Is the portal well: checks that a load balancer, a container manager and an operator read."""

import shutil
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from celery import current_app
from django.apps import apps
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from jobs.models import Job

FREE_BYTES_NEEDED = 500 * 1024 * 1024
WORKER_SILENCE = timedelta(minutes=3)


class Health(StrEnum):
    """From best to worst."""

    OK = "ok"
    DEGRADED = "degraded"
    DOWN = "down"


@dataclass(frozen=True, kw_only=True)
class Check:
    status: Health
    text: str  # Russian


def ok(text: str) -> Check:
    return Check(status=Health.OK, text=text)


def degraded(text: str) -> Check:
    return Check(status=Health.DEGRADED, text=text)


def down(text: str) -> Check:
    return Check(status=Health.DOWN, text=text)


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def check_database() -> Check:
    """Answer a query, and know all migrations."""
    try:
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Exception as error:  # noqa: BLE001  whatever breaks, the answer is the same
        return down(f"База данных не отвечает: {type(error).__name__}")
    if pending:
        return down("Не все миграции применены: выполните manage.py migrate")
    return ok(f"{connection.vendor}, миграции применены")


def check_broker() -> Check:
    try:
        with current_app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, timeout=2)
    except Exception as error:  # noqa: BLE001  same
        return degraded(f"Очередь сообщений не отвечает ({type(error).__name__}): задания дождутся её в базе")
    return ok("отвечает")


def check_worker() -> Check:
    """Judge by the queue: a live worker leaves nobody waiting while it does nothing."""
    now = timezone.now()
    if Job.objects.stuck(now - WORKER_SILENCE).exists():
        return degraded("Есть задание, исполнитель которого пропал")
    waiting = Job.objects.claimable(now).filter(created_at__lt=now - WORKER_SILENCE).count()
    is_busy = Job.objects.filter(heartbeat_at__gte=now - WORKER_SILENCE).exists()
    if waiting and not is_busy:
        return degraded(f"Задания ждут, и никто их не берёт: {waiting}")
    return ok(f"в очереди {waiting}")


def check_storage() -> Check:
    name = f"healthcheck-{uuid.uuid4()}"
    try:
        stored = default_storage.save(name, ContentFile(b"ok"))
        default_storage.delete(stored)
    except Exception as error:  # noqa: BLE001  same
        return down(f"Файлы не записываются: {type(error).__name__}")
    return ok("запись и удаление проходят")


def check_fonts() -> Check:
    """Documents bring their own fonts: on a bare server there are none, and text would turn into boxes."""
    folders = [Path(app.path) / "fonts" for app in apps.get_app_configs()]
    fonts = [font for folder in folders for font in folder.glob("*.ttf")]
    return ok(f"файлов: {len(fonts)}") if fonts else degraded("Нет шрифтов для документов")


def check_disk() -> Check:
    free = shutil.disk_usage(settings.DATA_DIR).free
    text = f"свободно {free // 1024**2} МБ"
    return ok(text) if free >= FREE_BYTES_NEEDED else degraded(f"Мало места: {text}")


CHECKS: Mapping[str, Callable[[], Check]] = {
    "database": check_database,
    "broker": check_broker,
    "worker": check_worker,
    "storage": check_storage,
    "fonts": check_fonts,
    "disk": check_disk,
}


def run_checks() -> dict[str, Check]:
    """Run all checks; those that read the database are skipped when it is away."""
    database = check_database()
    results = {"database": database}
    for name, check in CHECKS.items():
        if name == "database":
            continue
        if name == "worker" and database.status is Health.DOWN:
            results[name] = down("Неизвестно: нет базы данных")
        else:
            results[name] = check()
    return results


def overall(checks: Mapping[str, Check]) -> Health:
    """Return the worst status."""
    order = list(Health)
    return max((check.status for check in checks.values()), key=order.index, default=Health.OK)
