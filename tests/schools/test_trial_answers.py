"""Whom a tried rule puts on the list: the same schools as a run of that rule, without the run."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from accounts.permissions import Role
from schools.actions.reorganisation import merge_schools
from schools.calculation import calculate
from schools.choices import is_named
from schools.identification import Identification, Rules, Standing, Verdict
from schools.list_kinds import NAMED
from schools.models import IdentificationRun, School, SchoolVerdict, Territory
from schools.trial_answers import Answer, answer_of
from tests.factories.lists import AT, make_list, make_run
from tests.factories.schools import make_result, make_school, make_territory, make_user

pytestmark = pytest.mark.django_db

LOWS: dict[str, dict[int, tuple[int, ...]]] = {  # school -> year -> low works of 40 in Russian and in mathematics
    "Ниже всех": {2024: (20, 20), 2025: (20, 20), 2026: (20, 20)},
    "Год без условий": {2024: (20, 20), 2025: (20, 20), 2026: (2, 2)},
    "Два года без условий": {2024: (20, 20), 2025: (10, 10), 2026: (2, 2)},
    "Одна работа в 2025 году": {2024: (20, 20), 2025: (20,), 2026: (2, 2)},
    "Близкая": {2024: (11, 11), 2025: (11, 11), 2026: (11, 11)},
    "Обычная": {2024: (2, 2), 2025: (2, 2), 2026: (2, 2)},
}
LISTED = ("Ниже всех", "Год без условий", "Два года без условий", "Одна работа в 2025 году")


@pytest.fixture
def territory() -> Territory:
    territory = make_territory()
    schools = {}
    for name, years in LOWS.items():
        schools[name] = make_school(territory=territory, name=name)
        for year, lows in years.items():
            for subject, low in zip(("RU", "MA"), lows, strict=False):
                make_result(school=schools[name], subject=subject, year=year, marks=(low, 40 - low, 0, 0))
    make_list([schools[name] for name in LISTED], year=2024)
    return territory


@pytest.fixture
def run(territory: Territory) -> IdentificationRun:
    return make_run(territory=territory)


def of_a_run(run: IdentificationRun, rules: Rules) -> set[School]:
    outcomes = calculate(territory=run.territory, year=run.year, rules=rules).outcomes
    return {school for school, found in outcomes if is_named(found.verdict, found.standing)}


def unsettled_in_a_run(run: IdentificationRun, rules: Rules) -> set[UUID]:
    """Return the schools that the run names and a run of the rule would call insufficient."""
    before = set(run.verdicts.filter(NAMED).values_list("school_id", flat=True))
    outcomes = calculate(territory=run.territory, year=run.year, rules=rules).outcomes
    return {
        school.pk
        for school, found in outcomes
        if found.verdict is Verdict.INSUFFICIENT_DATA and school.pk in before and not is_held(found)
    }


def is_held(found: Identification) -> bool:
    return is_named(found.verdict, found.standing)


def tried(run: IdentificationRun, **changes: Any) -> Rules:
    return Rules.from_parameters({**run.parameters, **changes})


def asked(run: IdentificationRun, rules: Rules) -> Answer:
    before = run.verdicts.filter(NAMED).values_list("school_id", flat=True)
    return answer_of(run, run.rules, rules, list(before))


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"years_required": 2, "combine": "C1_ONLY"},
        {"years_required": 3, "combine": "C1_ONLY"},
        {"min_participants": 41},
        {"combine": "ALL"},
        {"min_procedures": 1},
        {"missing_mode": "TREAT_AS_OK"},
        {"exit_rule": {"years_clear": 1}},
    ],
)
def test_trial_names_the_schools_that_a_run_would(run: IdentificationRun, changes: dict[str, Any]) -> None:
    for share in ("5", "25", "27.50", "30", "50", "60"):
        rules = tried(run, share_threshold_pct=share, **changes)

        answer = asked(run, rules)

        assert set(answer.named) == {school.pk for school in of_a_run(run, rules)}, share
        assert not answer.by_conditions.keys() & answer.kept.keys()
        assert set(answer.unsettled) == unsettled_in_a_run(run, rules), share


@pytest.mark.parametrize("is_quick", [True, False])
def test_school_of_which_a_year_is_not_known_is_unsettled(
    territory: Territory, monkeypatch: pytest.MonkeyPatch, *, is_quick: bool
) -> None:
    if not is_quick:
        monkeypatch.setattr("schools.trial_answers.fits_but_for_years", lambda *_: False)
    school = make_school(territory=territory, name="Новая")
    for year in (2025, 2026):
        for subject in ("RU", "MA"):
            make_result(school=school, subject=subject, year=year, marks=(20, 20, 0, 0))
    run = make_run(territory=territory)

    answer = asked(run, tried(run, years_required=3, combine="C1_ONLY"))

    (found,) = answer.unsettled.values()
    assert list(answer.unsettled) == [school.pk]
    assert [reason.text for reason in found.reasons if reason.code == "PREVIOUS_YEAR"] == [
        "Нет учтённых результатов за 2024 год: сравнить с ним нельзя."
    ]


@pytest.mark.parametrize("share", ["30", "60"])
def test_school_that_one_of_a_list_was_merged_into_is_tried_as_a_run_would_judge_it(
    territory: Territory, share: str
) -> None:
    """The lower school goes on in «Обычная»: at 30 % its conditions held in 2026, at 60 % in no year since its list."""
    heir, ended = School.objects.get(name="Обычная"), School.objects.get(name="Ниже всех")
    by = make_user(role=Role.MUNICIPAL_COORDINATOR, territory=territory)
    merge_schools(predecessors=[ended], successor=heir, on=date(2026, 9, 1), by=by, at=AT)
    run = make_run(territory=territory)
    rules = tried(run, share_threshold_pct=share)

    answer = asked(run, rules)

    assert set(answer.named) == {school.pk for school in of_a_run(run, rules)}
    assert ("Обычная" in answer.kept.values(), answer.is_of_run) == (share == "30", False)


def test_exit_rule_keeps_a_school_whose_year_says_too_little(run: IdentificationRun) -> None:
    answer = asked(run, tried(run, share_threshold_pct="40"))

    assert sorted(answer.by_conditions.values()) == ["Ниже всех"]
    assert sorted(answer.kept.values()) == ["Год без условий", "Одна работа в 2025 году"]
    assert not answer.is_of_run  # the years since the list of 2024 are those of today


def test_trial_without_schools_of_earlier_lists_is_answered_by_the_run_alone() -> None:
    school = make_school()
    for subject in ("RU", "MA"):
        make_result(school=school, subject=subject, marks=(20, 20, 0, 0))
    run = make_run(territory=school.territory)

    answer = asked(run, tried(run, share_threshold_pct="60"))

    assert answer == ({}, {}, True, {})


@pytest.mark.parametrize("changes", [{"ranking_rule": {"use": "ANY", "min_schools": 2}}, {"attempt": "FINAL"}])
def test_rule_that_the_run_cannot_answer_is_judged_by_the_results_of_today(
    run: IdentificationRun, changes: dict[str, Any]
) -> None:
    rules = tried(run, **changes)

    answer = asked(run, rules)

    assert not answer.is_of_run
    assert set(answer.named) == {school.pk for school in of_a_run(run, rules)}
    assert "Год без условий" in answer.kept.values()


def test_run_that_has_not_kept_who_was_in_a_list_is_judged_by_the_results_of_today(run: IdentificationRun) -> None:
    SchoolVerdict.objects.filter(run=run, standing=Standing.HELD).update(facts={})

    answer = asked(run, run.rules)

    assert not answer.is_of_run
    assert set(answer.named) == {school.pk for school in of_a_run(run, run.rules)}
