"""Load the registry of schools from the portal's template or a CSV file."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.db import transaction
from django.utils import timezone

from schools.actions.import_apply import apply_batch
from schools.actions.imports import check, receive
from schools.actions.service import service_account
from schools.importing.registry import LAYOUT, ensure_region
from schools.importing.summary import batch_summary
from schools.intake.parse import parse_file
from schools.management.commands._imports import OPERATOR_LIMITS, ImportCommand, given_files
from schools.models import Territory


class Command(ImportCommand):
    help = "Загрузить реестр школ: шаблон портала (.xlsx) или CSV"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("path")

    @transaction.atomic
    def run_import(self, options: dict[str, Any]) -> dict[str, Any]:
        """Load one registry; rows that are refused are told, the others are taken."""
        files, paths = given_files([options["path"]])
        region = region_of_registry(files[0].data)
        by, at = service_account(region), timezone.now()
        batch = receive(files=files, by=by, territory=region, at=at, limits=OPERATOR_LIMITS)
        batch = check(batch=batch, at=at, limits=OPERATOR_LIMITS)
        batch = apply_batch(batch=batch, by=by, at=timezone.now(), only_good=True)
        answer = batch_summary(batch, paths)
        del answer["files"]
        return answer


def region_of_registry(data: bytes) -> Territory:
    """Return the region of the first school of a registry, made if it is missing."""
    parsed = parse_file(data, OPERATOR_LIMITS)
    if parsed.layout != LAYOUT or not parsed.schools:
        raise CommandError(f"Это не реестр школ, а «{parsed.title}».", returncode=1)
    region = ensure_region(parsed.schools[0]) or Territory.objects.filter(parent=None).order_by("pk").first()
    if region is None:
        code = parsed.schools[0].territory.code
        raise CommandError(
            f"По коду муниципалитета «{code}» нельзя узнать регион. Ожидается код вида reg24_m031.",
            returncode=1,
        )
    return region
