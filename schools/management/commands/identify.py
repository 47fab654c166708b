"""Judge the schools of a territory by the results of a year and store the run; publishes nothing."""

import csv
import json
from argparse import ArgumentParser
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.errors import ActionRefused
from schools.actions.identification import run_identification
from schools.actions.rule_sets import DEFAULT_CODE, SHIPPED_FILES, load_rule_set
from schools.choices import VERDICT_TITLES, TerritoryLevel
from schools.exports import columns, rows, run_workbook
from schools.models import IdentificationRuleSet, IdentificationRun, Territory


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--year", type=int, required=True, help="year of the results")
        parser.add_argument("--rule-set", default=DEFAULT_CODE, help="code of a rule set, its latest version is used")
        parser.add_argument("--territory", help="code; may be left out when there is one region")
        parser.add_argument("--output", type=Path, help="FILE.xlsx or FILE.csv to write the verdicts to")
        parser.add_argument("--json", action="store_true", help="one JSON object instead of text")

    def handle(self, *_: Any, **options: Any) -> None:
        output: Path | None = options["output"]
        if output and output.suffix.lower() not in {".xlsx", ".csv"}:
            raise CommandError(f"Файл {output.name}: укажите имя с расширением .xlsx или .csv.", returncode=2)
        try:
            run = run_identification(
                rule_set=rule_set_of(options["rule_set"]),
                territory=territory_of(options["territory"]),
                year=options["year"],
                by=None,
                at=timezone.now(),
            )
        except ActionRefused as refusal:
            raise CommandError(refusal.text, returncode=1) from refusal
        if output:
            write(run, output)
        self.tell(run, as_json=options["json"])

    def tell(self, run: IdentificationRun, *, as_json: bool) -> None:
        answer = answer_of(run)
        if as_json:
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
            return
        self.stdout.write(f"{run}. Правило {run.rule_set}. Расчёт {run.pk}")
        for school in answer["schools"]:
            self.stdout.write(f"  {VERDICT_TITLES[school['verdict']]}: {school['name']} (ИНН {school['inn']})")


def rule_set_of(code: str) -> IdentificationRuleSet:
    """Return the latest version of a rule set; a shipped one is stored when it is not there yet."""
    stored = IdentificationRuleSet.objects.filter(code=code).order_by("-version").first()
    if stored:
        return stored
    if code in SHIPPED_FILES:
        return load_rule_set(path=SHIPPED_FILES[code], by=None)
    known = ", ".join(sorted({*SHIPPED_FILES, *IdentificationRuleSet.objects.values_list("code", flat=True)}))
    raise CommandError(f"Набора правил {code} нет. Есть: {known}.", returncode=1)


def territory_of(code: str | None) -> Territory:
    """Return the territory of a code, or the only region."""
    if code is None:
        regions = list(Territory.objects.filter(level=TerritoryLevel.REGION)[:2])
        if len(regions) == 1:
            return regions[0]
        raise CommandError("Укажите код территории: --territory КОД.", returncode=2)
    found = Territory.objects.filter(code=code).first()
    if found is None:
        known = ", ".join(Territory.objects.order_by("code").values_list("code", flat=True)[:20]) or "ни одной"
        raise CommandError(f"Территории с кодом {code} нет. Есть: {known}.", returncode=1)
    return found


def answer_of(run: IdentificationRun) -> dict[str, Any]:
    """Return the run as the contract words it."""
    return {
        "run": str(run.pk),
        "rule_set": f"{run.rule_set.code}/{run.rule_set.version}",
        "schools": [
            {
                "inn": verdict.school.inn,
                "name": verdict.school.name,
                "verdict": verdict.verdict,
                "reasons": [reason["printed"] for reason in verdict.reasons],
                "procedures_low": verdict.low_procedures,
                "repeated": verdict.repeated_procedures,
            }
            for verdict in run.verdicts.for_page()
        ],
    }


def write(run: IdentificationRun, output: Path) -> None:
    """Write the verdicts as a workbook, or as CSV (`;`, UTF-8 with a mark that Excel understands)."""
    if output.suffix.lower() == ".xlsx":
        output.write_bytes(run_workbook(run))
        return
    stream, repeat = StringIO(), run.rules.repeat_asked
    writer = csv.writer(stream, delimiter=";")
    writer.writerow([title for title, _ in columns(repeat)])
    writer.writerows(rows(run.verdicts.for_page().iterator(chunk_size=500), repeat))
    output.write_text(stream.getvalue(), encoding="utf-8-sig", newline="")
