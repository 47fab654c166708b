"""Put back everything as it was before an import."""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import CommandError
from django.utils import timezone

from schools.actions.import_apply import undo_batch
from schools.actions.service import service_account
from schools.importing.summary import batch_summary
from schools.management.commands._imports import ImportCommand
from schools.models import ImportBatch


class Command(ImportCommand):
    help = "Отменить загрузку: вернуть всё, как было до неё"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("batch", type=UUID)

    def run_import(self, options: dict[str, Any]) -> dict[str, Any]:
        batch = ImportBatch.objects.select_related("territory__parent").filter(pk=options["batch"]).first()
        if batch is None:
            raise CommandError(f"Загрузка «{options['batch']}» не найдена.", returncode=1)
        by = service_account(batch.territory.parent or batch.territory)
        return batch_summary(undo_batch(batch=batch, by=by, at=timezone.now()))
