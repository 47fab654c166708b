"""Schools by their deciding share: bands of whole numbers, kept with the run or read from its verdicts."""

import json
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from schools.actions.identification import run_identification
from schools.actions.rule_sets import load_rule_set
from schools.identification import Part, PartState, Procedure, Rules, SchoolFacts, identify, stored_counts
from schools.models import IdentificationRun, SchoolVerdict, Territory
from schools.run_pictures import band_columns
from schools.share_bands import LAST_BAND, Tally, band_of, tally_of
from tests.factories.identification import make_rules, vpr
from tests.factories.lists import make_low_school, make_run_under
from tests.factories.schools import make_result, make_school, make_territory
from tests.factories.social import AT


def tally_for(needed: int, **changes: Any) -> Tally:
    return Tally(make_rules(min_procedures=needed, **changes))


def filled(tally: Tally) -> dict[int, tuple[int, int]]:
    """Return start of a band -> (below the threshold, at it)."""
    return {band.start: (band.below, band.at_threshold) for band in tally.bands() if band.total}


def test_second_share_decides_when_two_works_are_needed() -> None:
    """50 %, 32,5 % and 30 %: the second is 32,5 %."""
    assert band_of([(20, 40), (12, 40), (13, 40)], 2) == 30
    assert band_of([(20, 40), (12, 40), (9, 40)], 3) == 20
    assert band_of([(20, 40)], 2) is None


def test_bands_split_at_whole_percents_exactly() -> None:
    """119 of 400 is 29,75 %, 12 of 40 is 30 %, 299 of 1000 is 29,9 %: nothing is rounded."""
    assert [band_of([counts], 1) for counts in ((119, 400), (12, 40), (299, 1000), (0, 40))] == [25, 30, 25, 0]


def test_last_band_holds_everything_above() -> None:
    tally = tally_for(1)
    for low in (25, 40):
        tally.add([(low, 40)], 1)

    assert filled(tally) == {LAST_BAND: (0, 2)}
    assert tally.bands()[-1].title == "60–100"


def test_threshold_inside_a_band_divides_its_column() -> None:
    """Of a threshold of 27,5 %: 10 of 40 is below, 11 of 40 at it; both lie in 25–30."""
    tally = tally_for(1)
    tally.add([(10, 40)], 0)
    tally.add([(11, 40)], 1)

    assert filled(tally) == {25: (1, 1)}
    assert band_columns(tally.bands())[5].parts == [("f2", 1), ("f-bad", 1)]


def test_rule_without_a_threshold_has_nobody_at_it() -> None:
    tally = tally_for(1, relative_rule={"cluster_by": ["KIND"]})
    tally.add([(20, 40)], 1)
    tally.add([(4, 40)], 0)

    assert filled(tally) == {10: (1, 0), 50: (1, 0)}


def test_school_with_too_few_counted_works_is_counted_apart() -> None:
    tally = tally_for(2)
    tally.add([(20, 40)], 1)

    assert (filled(tally), tally.unknown) == ({}, 1)


COUNTS = st.lists(
    st.integers(1, 60).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole))), max_size=8
)


@given(counts=COUNTS, needed=st.integers(1, 4))
def test_band_is_that_of_the_exact_share(counts: list[tuple[int, int]], needed: int) -> None:
    shares = sorted((100 * Fraction(*each) for each in counts), reverse=True)
    start = band_of(counts, needed)

    assert (start is None) is (len(shares) < needed)
    if start is not None:
        assert start <= shares[needed - 1]
        assert start == LAST_BAND or shares[needed - 1] < start + 5


@given(schools=st.lists(COUNTS, max_size=12), needed=st.integers(1, 3))
def test_every_school_is_counted_once_and_comes_back_from_storage(
    schools: list[list[tuple[int, int]]], needed: int
) -> None:
    tally = tally_for(needed)
    for counts in schools:
        tally.add(counts, sum(100 * low >= 30 * whole for low, whole in counts))

    assert sum(band.total for band in tally.bands()) + tally.unknown == tally.total == len(schools)
    again = Tally.from_json(json.loads(json.dumps(tally.to_json())), tally.rules)
    assert (again.bands(), again.unknown) == (tally.bands(), tally.unknown)
    assert not any(band.at_threshold for band in tally.bands() if band.end <= 30)
    assert not any(band.below for band in tally.bands() if band.start >= 30)


def test_stored_parts_are_read_in_both_ways_they_are_kept() -> None:
    works = [
        Part(Procedure("VPR", "RU", 5), 2026, PartState.COUNTED, 40, 12, 12, "1"),
        Part(Procedure("VPR", "RU", 6), 2025, PartState.COUNTED, 40, 20, 12, "2"),
        Part(Procedure("VPR", "RU", 7), 2026, PartState.SMALL_N, 4, 2, 2, "3"),
        Part(Procedure("VPR", "RU", 8), 2026, PartState.NO_DATA),
    ]
    arrays = json.loads(json.dumps([work.to_json() for work in works]))
    mappings = [
        {
            **{name: value for name, value in work._asdict().items() if name not in {"procedure", "pieces"}},
            **work.procedure._asdict(),
            "pieces": [],
        }
        for work in works
    ]

    assert stored_counts(arrays, 2026) == stored_counts(mappings, 2026) == [(12, 40)]


def judged_alone(rules: Rules, *works: tuple[str, int, int], kind: str = "СОШ") -> Tally:
    """Return the bands of one school. works: (subject, grade, low works out of 40)."""
    tally = Tally(rules)
    results = [vpr(subject, grade, low, 40) for subject, grade, low in works]
    tally.add_judged(identify(results, rules, 2026, SchoolFacts(kind=kind)))
    return tally


@pytest.mark.parametrize(
    ("works", "bands", "unknown"),
    [
        pytest.param([("RU", 5, 20), ("RU", 6, 20), ("MA", 5, 4)], {10: (1, 0)}, 0, id="two grades are one subject"),
        pytest.param([("RU", 5, 20), ("RU", 6, 4), ("MA", 5, 16)], {40: (0, 1)}, 0, id="the worst grade of each"),
        pytest.param([("RU", 5, 20), ("RU", 6, 20)], {}, 1, id="one subject is not two"),
        pytest.param([("RU", 5, 0), ("MA", 5, 0)], {0: (1, 0)}, 0, id="nobody is low"),
    ],
)
def test_grades_of_a_subject_are_counted_as_the_condition_counts_them(
    works: list[tuple[str, int, int]], bands: dict[int, tuple[int, int]], unknown: int
) -> None:
    tally = judged_alone(make_rules(count_subject_once=True), *works)

    assert (filled(tally), tally.unknown) == (bands, unknown)


SUBJECTS = st.lists(
    st.tuples(st.sampled_from(["RU", "MA", "HI"]), st.integers(5, 8), st.integers(0, 40)),
    unique_by=lambda work: work[:2],
    max_size=8,
)


@given(works=SUBJECTS, needed=st.integers(1, 3), once=st.booleans())
def test_schools_at_the_threshold_are_those_of_condition_1(
    works: list[tuple[str, int, int]], needed: int, once: bool
) -> None:
    rules = make_rules(min_procedures=needed, count_subject_once=once)
    results = [vpr(subject, grade, low, 40) for subject, grade, low in works]

    c1 = identify(results, rules, 2026, SchoolFacts(kind="СОШ")).c1

    assert sum(band.at_threshold for band in judged_alone(rules, *works).bands()) == c1


def test_school_that_the_rule_does_not_concern_is_counted_apart() -> None:
    tally = judged_alone(make_rules(exclude_types=["О(С)ОШ"]), ("RU", 5, 20), ("MA", 5, 20), kind="О(С)ОШ")

    assert (filled(tally), tally.unknown, tally.excluded, tally.total) == ({}, 0, 1, 1)


# Of a run


@pytest.fixture
def territory() -> Territory:
    return make_territory()


def make_judged(territory: Territory) -> IdentificationRun:
    make_low_school(territory=territory)
    near = make_school(territory=territory)
    for subject in ("RU", "MA"):
        make_result(school=near, subject=subject, marks=(11, 29, 0, 0))
    make_result(school=make_school(territory=territory), marks=(20, 20, 0, 0))
    return run_identification(rule_set=load_rule_set(by=None), territory=territory, year=2026, by=None, at=AT)


@pytest.mark.django_db
def test_run_keeps_its_bands(territory: Territory, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    run = IdentificationRun.objects.select_related("rule_set").get(pk=make_judged(territory).pk)

    with django_assert_num_queries(0):
        tally = tally_of(run)

    assert tally.unknown == 1
    assert [(band.title, band.below, band.at_threshold) for band in tally.bands() if band.total] == [
        ("25–30", 1, 0),
        ("30–35", 0, 1),
    ]


@pytest.mark.django_db
def test_run_stored_before_is_read_through_to_the_same_bands(
    territory: Territory, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    run = make_judged(territory)
    kept = tally_of(run)
    del run.counts["bands"]

    with django_assert_num_queries(1):
        assert tally_of(run) == kept


@pytest.mark.django_db
def test_bands_kept_before_schools_were_told_apart_are_read_through(
    territory: Territory, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_low_school(territory=territory)
    make_low_school(territory=territory, kind="О(С)ОШ")
    run = make_run_under(territory=territory, exclude_types=["О(С)ОШ"], count_subject_once=True)
    kept = tally_of(run)
    del run.counts["bands"]["excluded"]

    with django_assert_num_queries(1):
        assert tally_of(run) == kept
    assert (kept.excluded, kept.total) == (1, 2)


@pytest.mark.django_db
def test_decision_leaves_the_bands_with_the_run(territory: Territory) -> None:
    run = make_judged(territory)
    kept = run.counts["bands"]

    run.count_verdicts()

    assert IdentificationRun.objects.get(pk=run.pk).counts["bands"] == json.loads(json.dumps(kept))
    assert SchoolVerdict.objects.filter(run=run).count() == 3
