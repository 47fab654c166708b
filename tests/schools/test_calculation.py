"""Results of the database as the rule sees them."""

from typing import Any

import pytest
from pytest_django.fixtures import DjangoAssertNumQueries

from schools.calculation import calculate, read_rules
from schools.choices import ListKind, SchoolStatus
from schools.errors import NothingToIdentify, RuleSetRefused
from schools.identification import Identification, Standing, Verdict
from schools.models import AssessmentResult, School, Territory
from tests.factories.identification import make_rules, svetlobor
from tests.factories.lists import make_list, make_low_school, make_quiet_school
from tests.factories.schools import make_region, make_result, make_school, make_territory

pytestmark = pytest.mark.django_db


@pytest.fixture
def territory() -> Territory:
    return make_territory()


def outcome(school: School, **changes: Any) -> Identification:
    calculation = calculate(territory=school.territory, year=2026, rules=make_rules(**changes))
    return dict(calculation.outcomes)[school]


def test_verdict_comes_from_stored_results(territory: Territory) -> None:
    low, quiet = make_low_school(territory=territory), make_quiet_school(territory=territory)

    assert outcome(low).verdict is Verdict.SHNOR
    assert outcome(quiet).verdict is Verdict.CLEAR


def test_part_refers_to_its_row(territory: Territory) -> None:
    school = make_school(territory=territory)
    result = make_result(school=school)

    (part,) = outcome(school).current
    assert part.source == str(result.pk)


def test_levels_of_a_course_are_added_up(territory: Territory) -> None:
    school = make_school(territory=territory)
    make_result(school=school, subject="MA", grade=8, level="base", marks=(5, 10, 5, 0))
    make_result(school=school, subject="MA", grade=8, level="advanced", marks=(1, 3, 4, 2))

    (part,) = outcome(school).current
    assert (part.low, part.participants) == (6, 30)


def test_spring_is_taken_before_autumn(territory: Territory) -> None:
    school = make_school(territory=territory)
    make_result(school=school, period="spring", marks=(1, 10, 5, 4))
    make_result(school=school, period="autumn", marks=(9, 1, 0, 0))

    (part,) = outcome(school).current
    assert (part.low, part.participants) == (1, 20)


def test_autumn_counts_when_there_is_no_spring(territory: Territory) -> None:
    school = make_school(territory=territory)
    make_result(school=school, period="autumn", marks=(9, 1, 0, 0))

    (part,) = outcome(school).current
    assert part.low == 9


def test_retakes_do_not_count(territory: Territory) -> None:
    school = make_school(territory=territory)
    make_result(school=school, procedure="OGE", grade=9, period="main", marks=(6, 10, 4, 0))
    make_result(school=school, procedure="OGE", grade=9, period="sept", marks=(0, 6, 0, 0))

    (part,) = outcome(school).current
    assert (part.low, part.participants) == (6, 20)


def test_exam_counts_those_below_the_minimum(territory: Territory) -> None:
    school = make_school(territory=territory)
    unmarked = dict.fromkeys(("mark2", "mark3", "mark4", "mark5"))
    make_result(school=school, procedure="EGE", grade=11, participants=20, below_min=3, **unmarked)

    (part,) = outcome(school).current
    assert (part.low, part.participants) == (3, 20)


def test_marks_that_were_not_delivered_are_no_data(territory: Territory) -> None:
    school = make_school(territory=territory)
    make_result(school=school, **dict.fromkeys(("mark2", "mark3", "mark4", "mark5")))

    assert outcome(school).verdict is Verdict.INSUFFICIENT_DATA


def test_markers_of_a_row_reach_the_rule(territory: Territory) -> None:
    school = make_school(territory=territory)
    make_result(school=school, objectivity_markers=["5РУ"])

    (part,) = outcome(school).current
    assert part.markers == ("5РУ",)


def test_school_without_results_is_not_called_good(territory: Territory) -> None:
    make_quiet_school(territory=territory)
    silent = make_school(territory=territory)

    assert outcome(silent).verdict is Verdict.INSUFFICIENT_DATA


def test_basic_school_misses_no_exam_of_the_eleventh_grade(territory: Territory) -> None:
    make_result(school=make_school(territory=territory), procedure="EGE", grade=11)
    basic = make_school(territory=territory, kind="ООШ")
    make_result(school=basic)

    assert [part.procedure.kind for part in outcome(basic).current] == ["VPR"]


@pytest.mark.parametrize(
    ("changes", "listed"),
    [
        pytest.param({}, {3, 5, 8, 9, 11, 15, 19}, id="either, anyone counts"),
        pytest.param({"min_participants": 10}, {3, 5, 8, 9, 11}, id="either, from ten"),
        pytest.param({"min_participants": 10, "combine": "ALL"}, {3, 5, 8, 11}, id="both, from ten"),
    ],
)
def test_demo_municipality_has_the_expected_list(
    territory: Territory,
    changes: dict[str, Any],
    listed: set[int],
) -> None:
    schools = {number: make_school(territory=territory) for number in svetlobor()}
    AssessmentResult.objects.bulk_create(
        AssessmentResult(
            school=schools[number],
            procedure=each.kind,
            subject=each.subject,
            grade=each.grade,
            year=each.year,
            participants=each.participants,
            mark2=each.low,
            mark3=each.participants - (each.low or 0),
            mark4=0,
            mark5=0,
        )
        for number, results in svetlobor().items()
        for each in results
    )

    outcomes = dict(calculate(territory=territory, year=2026, rules=make_rules(**changes)).outcomes)

    assert {number for number, school in schools.items() if outcomes[school].verdict is Verdict.SHNOR} == listed


def test_closed_schools_and_other_territories_are_left_aside(territory: Territory) -> None:
    school = make_quiet_school(territory=territory)
    make_low_school(territory=territory, status=SchoolStatus.CLOSED)
    make_low_school()

    calculation = calculate(territory=territory, year=2026, rules=make_rules())

    assert [each for each, _ in calculation.outcomes] == [school]


def test_region_judges_the_schools_of_its_municipalities() -> None:
    region = make_region()
    schools = {make_quiet_school(territory=make_territory(parent=region)) for _ in range(2)}

    calculation = calculate(territory=region, year=2026, rules=make_rules())

    assert {each for each, _ in calculation.outcomes} == schools


def test_year_without_results_is_refused(territory: Territory) -> None:
    make_low_school(territory=territory)

    with pytest.raises(NothingToIdentify, match="за 2024 год нет результатов"):
        calculate(territory=territory, year=2024, rules=make_rules())


def test_territory_without_schools_is_refused(territory: Territory) -> None:
    with pytest.raises(NothingToIdentify, match="нет действующих школ"):
        calculate(territory=territory, year=2026, rules=make_rules())


def test_fingerprint_changes_with_the_data_only(territory: Territory) -> None:
    school = make_low_school(territory=territory)
    first = calculate(territory=territory, year=2026, rules=make_rules()).fingerprint
    second = calculate(territory=territory, year=2026, rules=make_rules()).fingerprint
    make_result(school=school, grade=7)

    assert first == second
    assert calculate(territory=territory, year=2026, rules=make_rules()).fingerprint != first


def test_wrong_parameters_are_refused_in_words() -> None:
    with pytest.raises(RuleSetRefused, match=r"Правило не принято\. combine: указано 'OR'"):
        read_rules({**make_rules().to_parameters(), "combine": "OR"})


@pytest.mark.parametrize("schools", [1, 3])
def test_five_queries_whatever_the_number_of_schools(
    territory: Territory,
    schools: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(schools):
        make_low_school(territory=territory)

    with django_assert_num_queries(5):
        calculation = calculate(territory=territory, year=2026, rules=make_rules())
        assert len(list(calculation.outcomes)) == schools


def test_progress_is_told_before_each_school(territory: Territory) -> None:
    make_low_school(territory=territory)
    make_low_school(territory=territory)
    told: list[tuple[int, int]] = []

    calculation = calculate(
        territory=territory,
        year=2026,
        rules=make_rules(),
        on_school=lambda done, total: told.append((done, total)),
    )

    assert len(list(calculation.outcomes)) == 2
    assert told == [(0, 2), (1, 2)]


# Schools that were in a list


@pytest.mark.parametrize(
    ("listed", "marks", "standing"),
    [
        pytest.param(2024, {2024: 20, 2025: 1, 2026: 1}, Standing.LEAVES, id="two years without conditions"),
        pytest.param(2025, {2025: 20, 2026: 1}, Standing.HELD, id="one year"),
        pytest.param(2025, {2025: 20, 2026: 20}, Standing.STAYS, id="named again"),
    ],
)
def test_school_that_was_listed_has_a_standing(listed: int, marks: dict[int, int], standing: Standing) -> None:
    school = make_school()
    for year, low in marks.items():
        for subject in ("RU", "MA"):
            make_result(school=school, subject=subject, year=year, marks=(low, 40 - low, 0, 0))
    make_list([school], year=listed)

    assert outcome(school).standing is standing


def test_years_that_only_listed_schools_are_asked_about_are_read_for_them(
    territory: Territory,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    school, other = make_low_school(territory=territory), make_low_school(territory=territory)
    for year in (2021, 2022):
        make_result(school=school, year=year)
        make_result(school=other, year=year)
    make_list([school], year=2022)

    with django_assert_num_queries(7):
        calculation = calculate(territory=territory, year=2026, rules=make_rules())

    assert calculation.listed == {school.pk: frozenset({2022})}
    assert set(calculation.older) == {school.pk}
    assert "2022 VPR" in calculation.older[school.pk]  # 2023 is judged with the year before it
    assert "2021 VPR" not in calculation.older[school.pk]


@pytest.mark.parametrize(("others", "clear"), [((), 4), (("MA", "HI"), 4), (("RU", "MA"), 2)])
def test_year_in_which_others_wrote_more_works_is_no_clear_year(
    territory: Territory, others: tuple[str, ...], clear: int
) -> None:
    """One good work of 2024, while others wrote two more: 2024 says nothing, and 2025 and 2026 are counted anew."""
    school = make_school(territory=territory)
    for year, subjects in ((2023, ("RU", "MA")), (2024, ("RU",)), (2025, ("RU", "MA")), (2026, ("RU", "MA"))):
        for subject in subjects:
            make_result(school=school, subject=subject, year=year, marks=(1, 39, 0, 0))
    for subject in others:
        make_result(school=make_school(territory=territory), subject=subject, grade=6, year=2024)
    make_list([school], year=2022)

    found = outcome(school, exit_rule={"years_clear": 5})

    assert (found.verdict, found.clear_years) == (Verdict.CLEAR, clear)


def test_fingerprint_covers_which_works_were_held_in_years_before(territory: Territory) -> None:
    school = make_low_school(territory=territory)
    make_list([school], year=2022)
    first = calculate(territory=territory, year=2026, rules=make_rules()).fingerprint

    make_result(school=make_school(territory=territory, status=SchoolStatus.CLOSED), year=2023)

    assert calculate(territory=territory, year=2026, rules=make_rules()).fingerprint != first


def test_school_that_was_out_of_the_lists_enters_anew() -> None:
    school = make_school()
    for year, low in ((2021, 1), (2022, 1), (2026, 20)):
        for subject in ("RU", "MA"):
            make_result(school=school, subject=subject, year=year, marks=(low, 40 - low, 0, 0))
    make_list([school], year=2020)

    assert outcome(school).standing is Standing.ENTERS


@pytest.mark.parametrize("use", ["SOLE", "ALL"])
def test_years_since_the_last_list_are_compared_as_well(territory: Territory, use: str) -> None:
    schools = [make_school(territory=territory) for _ in range(8)]
    for place, school in enumerate(schools):
        for year in range(2021, 2027):
            make_result(school=school, year=year, marks=(place, 40 - place, 0, 0))
    make_list([schools[0]], year=2021)
    rules = make_rules(relative_rule={"cluster_by": ["KIND"], "use": use})

    outcomes = dict(calculate(territory=territory, year=2026, rules=rules).outcomes)

    assert outcomes[schools[0]].standing is Standing.NONE  # it left by 2023


def test_list_of_the_same_year_or_of_another_kind_is_no_history(territory: Territory) -> None:
    school = make_low_school(territory=territory)
    make_list([school], year=2026)
    make_list([school], year=2025, kind=ListKind.HIGH_RESULTS)

    assert outcome(school).standing is Standing.ENTERS


# Rules that compare schools


def test_schools_of_a_territory_are_compared_with_each_other(territory: Territory) -> None:
    schools = [make_school(territory=territory) for _ in range(8)]
    for low, school in enumerate(schools):
        make_result(school=school, marks=(low, 40 - low, 0, 0))
    rules = make_rules(relative_rule={"cluster_by": ["KIND"]})

    outcomes = dict(calculate(territory=territory, year=2026, rules=rules).outcomes)

    assert [school for school in schools if outcomes[school].verdict is Verdict.SHNOR] == schools[6:]


def test_size_of_a_school_makes_its_cluster(territory: Territory) -> None:
    school = make_school(territory=territory, students=120)
    make_result(school=school, marks=(1, 10, 5, 4))

    comparison = outcome(school, relative_rule={"cluster_by": ["KIND", "SIZE", "LOCALITY"]}).comparison

    assert comparison is not None
    assert comparison.cluster == (school.kind, "101–300", school.locality)
