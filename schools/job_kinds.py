"""Background work of the app; see `jobs.registry`."""

from django.utils import timezone

from accounts.permissions import Permission
from accounts.russian import count
from jobs.models import Job
from jobs.progress import Progress
from jobs.registry import JobFailed, JobResult, job_kind
from schools.access import may
from schools.actions.identification import prepare, store_run
from schools.actions.social import store_social_run
from schools.calculation import calculate, read_rules
from schools.importing import job_runs, prepared
from schools.models import IdentificationRuleSet, SocialIndexRule, Territory
from schools.social import SocialVerdict
from schools.social_reading import read_social_rule, social_calculation

__all__ = ["job_runs", "prepared", "run_identification", "run_social_index"]

SCHOOLS = "школа,школы,школ"


@job_kind("identification.run", title="Выявление школ", permission=Permission.RUN_IDENTIFICATION)
def run_identification(job: Job, progress: Progress) -> JobResult:
    """Judge the schools of a territory. Parameters: ids of rule_set and territory, year."""
    rule_set = IdentificationRuleSet.objects.filter(pk=job.parameters["rule_set"]).first()
    if rule_set is None:
        raise JobFailed("Черновик правила удалён, пока задание ждало очереди. Проведите расчёт по другому правилу.")
    territory = Territory.objects.get(pk=job.parameters["territory"])
    year = int(job.parameters["year"])
    if job.requested_by and not may(job.requested_by, Permission.RUN_IDENTIFICATION, territory):
        raise JobFailed("Право проводить расчёт по этой территории отозвано. Обратитесь к администратору региона.")

    def tell(done: int, total: int) -> None:
        progress.step("Применяем правило к школам", done=done, total=total)

    progress.step("Читаем результаты школ")
    rules = read_rules(rule_set.parameters)
    judged = prepare(calculate(territory=territory, year=year, rules=rules, on_school=tell))
    progress.step("Записываем выводы")
    with progress.finishing() as result:
        run = store_run(
            judged,
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


@job_kind("social.run", title="Индекс социальных условий", permission=Permission.RUN_IDENTIFICATION)
def run_social_index(job: Job, progress: Progress) -> JobResult:
    """Judge the conditions of the schools of a territory. Parameters: ids of rule and territory, year."""
    rule = SocialIndexRule.objects.get(pk=job.parameters["rule"])
    territory = Territory.objects.get(pk=job.parameters["territory"])
    year = int(job.parameters["year"])
    if job.requested_by and not may(job.requested_by, Permission.RUN_IDENTIFICATION, territory):
        raise JobFailed("Право проводить расчёт по этой территории отозвано. Обратитесь к администратору региона.")

    def tell(done: int, total: int) -> None:
        progress.step("Считаем индекс школ", done=done, total=total)

    progress.step("Читаем сведения о контингенте")
    checked = read_social_rule(rule.parameters)
    calculation = social_calculation(territory=territory, year=year, rule=checked, on_school=tell)
    with progress.finishing() as result:
        run = store_social_run(
            calculation,
            rule=rule,
            territory=territory,
            year=year,
            by=job.requested_by,
            at=timezone.now(),
        )
        hard = sum(index.verdict is SocialVerdict.SHNSU for _, index in calculation.outcomes)
        result["url"] = run.get_absolute_url()
        result["text"] = f"Сложные условия: {count(hard, SCHOOLS)}"
    return None
