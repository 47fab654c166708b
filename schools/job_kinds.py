"""Background work of the app; see `jobs.registry`."""

from django.utils import timezone

from accounts.permissions import Permission
from accounts.russian import count
from jobs.models import Job
from jobs.progress import Progress
from jobs.registry import JobFailed, JobResult, job_kind
from schools.access import may
from schools.actions.identification import store_run
from schools.calculation import calculate, read_rules
from schools.importing import job_runs
from schools.models import IdentificationRuleSet, Territory

__all__ = ["job_runs", "run_identification"]

SCHOOLS = "школа,школы,школ"


@job_kind("identification.run", title="Выявление школ", permission=Permission.RUN_IDENTIFICATION)
def run_identification(job: Job, progress: Progress) -> JobResult:
    """Judge the schools of a territory. Parameters: ids of rule_set and territory, year."""
    rule_set = IdentificationRuleSet.objects.get(pk=job.parameters["rule_set"])
    territory = Territory.objects.get(pk=job.parameters["territory"])
    year = int(job.parameters["year"])
    if job.requested_by and not may(job.requested_by, Permission.RUN_IDENTIFICATION, territory):
        raise JobFailed("Право проводить расчёт по этой территории отозвано. Обратитесь к администратору региона.")

    def tell(done: int, total: int) -> None:
        progress.step("Применяем правило к школам", done=done, total=total)

    progress.step("Читаем результаты школ")
    rules = read_rules(rule_set.parameters)
    calculation = calculate(territory=territory, year=year, rules=rules, on_school=tell)
    with progress.finishing() as result:
        run = store_run(
            calculation,
            rule_set=rule_set,
            territory=territory,
            year=year,
            by=job.requested_by,
            at=timezone.now(),
        )
        listed = run.verdicts.listed().count()
        result["url"] = run.get_absolute_url()
        result["text"] = f"Условия выполнены: {count(listed, SCHOOLS)}"
    return None
