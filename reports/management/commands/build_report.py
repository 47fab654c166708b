"""Build a report on the same path as the page does."""

import json
import shutil
import time
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any, Final

from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.errors import ActionRefused
from jobs.models import Job
from jobs.runner import execute
from reports.actions import request_report
from reports.choices import FileFormat
from reports.kinds import KINDS
from reports.models import ReportVersion
from reports.requests import ReportRequest, day_of_data
from schools.models import School, Territory

PATIENCE_SECONDS: Final = 300
REFUSED, WRONG_USAGE = 1, 2


class Command(BaseCommand):
    help = "Формирует справку и складывает её файлы в папку."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", help=f"вид справки: {', '.join(KINDS)}")
        scope = parser.add_mutually_exclusive_group(required=True)
        scope.add_argument("--territory", help="код территории")
        scope.add_argument("--school", help="ИНН школы")
        parser.add_argument("--from", dest="start", type=date.fromisoformat, help="первый день периода")
        parser.add_argument("--to", dest="end", type=date.fromisoformat, help="последний день периода")
        parser.add_argument("--year", type=int, help="календарный год вместо --from и --to")
        parser.add_argument("--as-of", type=date.fromisoformat, help="на какой день читать данные")
        parser.add_argument("--formats", default="pdf,xlsx", help="через запятую: pdf,xlsx")
        parser.add_argument("--output", required=True, type=Path, help="папка для файлов")
        parser.add_argument("--json", action="store_true", help="один объект JSON вместо текста")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            version = built_version(asked(options))
        except ActionRefused as refusal:
            raise CommandError(refusal.text, returncode=REFUSED) from None
        self.tell(version, copied_files(version, options["output"]), as_json=options["json"])

    def tell(self, version: ReportVersion, files: dict[str, str], *, as_json: bool) -> None:
        answer = {
            "report": str(version.report_id),
            "version": str(version.pk),
            "files": files,
            "figures": version.figures,
        }
        if as_json:
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
            return
        self.stdout.write(f"{version.title}, версия {version.number}. Чисел с источником: {version.figures}.")
        for path in files.values():
            self.stdout.write(f"  {path}")


def asked(options: dict[str, Any]) -> ReportRequest:
    """Return the question of the command line. Raises CommandError, ActionRefused."""
    territory, school = place(options)
    start, end = period(options)
    dated = options["as_of"] or timezone.localdate()
    kind = options["kind"].upper()
    return ReportRequest(
        kind=kind,
        territory=territory.pk,
        school=school.pk if school else None,
        period_from=start,
        period_to=end,
        as_of=day_of_data(kind, asked=options["as_of"], end=end, today=dated),
        dated=dated,
        formats=formats(options["formats"]),
    )


def place(options: dict[str, Any]) -> tuple[Territory, School | None]:
    if options["school"]:
        school = School.objects.select_related("territory__parent").filter(inn=options["school"]).first()
        if school is None:
            raise CommandError(f"Школы с ИНН {options['school']} нет.", returncode=REFUSED)
        return school.territory, school
    territory = Territory.objects.filter(code=options["territory"]).first()
    if territory is None:
        raise CommandError(f"Территории с кодом «{options['territory']}» нет.", returncode=REFUSED)
    return territory, None


def period(options: dict[str, Any]) -> tuple[date, date]:
    """Return the days that are asked for; without any, the year of the data."""
    start, end = options["start"], options["end"]
    if bool(start) != bool(end):
        raise CommandError("Укажите и --from, и --to.", returncode=WRONG_USAGE)
    if start and end:
        return start, end
    year = options["year"] or (options["as_of"] or timezone.localdate()).year
    return date(year, 1, 1), date(year, 12, 31)


def formats(text: str) -> tuple[str, ...]:
    found = tuple(sorted({part.strip().lower() for part in text.split(",") if part.strip()}))
    unknown = [each for each in found if each not in FileFormat.values]
    if unknown or not found:
        raise CommandError(f"Форматы: {', '.join(FileFormat.values)}. Указано: {text}.", returncode=WRONG_USAGE)
    return found


def built_version(request: ReportRequest) -> ReportVersion:
    """Queue the job, do it here unless a worker was quicker, and return what it stored. Raises ActionRefused."""
    job = request_report(request=request, by=None)
    execute(job_id=job.pk, with_heartbeat=False)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        job = Job.objects.get(pk=job.pk)
        if not job.is_active:
            break
        time.sleep(0.5)
    version: ReportVersion | None = ReportVersion.objects.filter(job=job.pk).select_related("report").first()
    if version is None:
        raise ActionRefused(job.error_text or "Справка не готова: задание ещё выполняется. Повторите позже.")
    return version


def copied_files(version: ReportVersion, folder: Path) -> dict[str, str]:
    """Copy the files of a version out of the storage; return format -> path."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = {}
    for file in version.files.all():
        path = folder / file.download_name
        with default_storage.open(file.file.name, "rb") as source, path.open("wb") as target:
            shutil.copyfileobj(source, target)
        paths[str(file.format)] = str(path)
    return paths
