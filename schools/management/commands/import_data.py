"""Load results: files, folders or archives; the kind of a file is told by its content."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.db import transaction
from django.utils import timezone

from schools.actions.import_apply import apply_batch
from schools.actions.import_review import explain_if_needed
from schools.actions.imports import check, receive
from schools.actions.service import service_account
from schools.choices import BatchState, TerritoryLevel
from schools.importing.errors import NothingToApply, RejectedRows
from schools.importing.summary import batch_summary
from schools.management.commands._imports import OPERATOR_LIMITS, ImportCommand, given_files
from schools.models import ImportBatch, Territory

BY_COMMAND = "Загружено командой import_data, изменения против прошлого года не пояснены."


class Command(ImportCommand):
    help = "Загрузить результаты: файлы, папки или архивы .zip"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("paths", nargs="+", metavar="PATH")
        parser.add_argument("--municipality", help="код муниципалитета: другие школы не загружаются")
        parser.add_argument("--dry-run", action="store_true", help="только проверить")
        parser.add_argument(
            "--only-good", action="store_true", help="применить принятые строки, если другие не приняты"
        )
        parser.add_argument("--explanation", default=BY_COMMAND, help="почему значения резко изменились за год")

    def run_import(self, options: dict[str, Any]) -> dict[str, Any]:
        files, paths = given_files(options["paths"])
        territory = chosen_territory(options["municipality"])
        with transaction.atomic():
            by, at = service_account(territory.parent or territory), timezone.now()
            batch = receive(files=files, by=by, territory=territory, at=at, limits=OPERATOR_LIMITS)
            batch = check(batch=batch, at=at, limits=OPERATOR_LIMITS)
            if options["dry_run"]:
                answer = batch_summary(batch, paths)
                discard(batch)
                return answer
        refused = apply_or_reason(batch, only_good=options["only_good"], explanation=options["explanation"])
        answer = batch_summary(ImportBatch.objects.get(pk=batch.pk), paths)
        return answer | ({"refused": refused} if refused else {})


def chosen_territory(code: str | None) -> Territory:
    """Return the municipality with a code, or the only region. Raises CommandError."""
    if code:
        territory = Territory.objects.select_related("parent").filter(code=code.casefold()).first()
        if territory is None:
            raise CommandError(f"Муниципалитет с кодом «{code}» не найден.", returncode=1)
        return territory
    regions = list(Territory.objects.filter(level=TerritoryLevel.REGION)[:2])
    if len(regions) != 1:
        reason = "Сначала загрузите реестр школ (import_schools)." if not regions else "Укажите --municipality."
        raise CommandError(f"Не ясно, в какой регион загружать. {reason}", returncode=1)
    return regions[0]


def discard(batch: ImportBatch) -> None:
    """Take back everything a dry run has stored, the bytes of its files included."""
    for file in batch.files.exclude(content=""):
        file.content.delete(save=False)
    transaction.set_rollback(True)


def apply_or_reason(batch: ImportBatch, *, only_good: bool, explanation: str) -> str:
    """Apply a checked batch; return why it was not applied, or an empty string. A refused batch is given up."""
    if batch.state == BatchState.REJECTED:
        return "Ни один файл не принят."
    by, at = batch.created_by, timezone.now()
    try:
        explain_if_needed(batch=batch, text=explanation, by=by, at=at)
        apply_batch(batch=batch, by=by, at=at, only_good=only_good)
    except (RejectedRows, NothingToApply) as refusal:
        ImportBatch.objects.filter(pk=batch.pk).update(state=BatchState.REJECTED)
        return refusal.text
    return ""
