"""Rules and runs of the social index in the database."""

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from accounts.audit import broken_events
from accounts.choices import AuditCode
from accounts.models import AuditEvent
from accounts.permissions import Role
from schools.actions.social import SHIPPED, load_social_rule, new_social_version, run_social_index
from schools.calculation import calculate, facts_of
from schools.errors import FrozenRow, NothingToIndex, RuleSetDiffers, SocialRuleNotAccepted
from schools.identification import Flag
from schools.models import SchoolSocialIndex, SocialIndexRule, SocialIndexRun, Territory
from schools.social import SocialVerdict, social_index
from schools.social_reading import Conditions, conditions_beside, newest_run, social_calculation
from tests.factories.identification import make_rules
from tests.factories.lists import make_low_school
from tests.factories.schools import make_school, make_territory, make_user
from tests.factories.social import AT, HARD, WORKED, make_run, make_social_rule, shipped_parameters, tell, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def territory() -> Territory:
    return make_territory()


# Rules


def test_corrected_text_of_a_shipped_rule_comes_as_its_next_version(tmp_path: Path) -> None:
    first = load_social_rule(by=None)
    path = tmp_path / "rule.toml"
    path.write_text(SHIPPED.read_text(encoding="utf-8").replace("Предложение портала", "Разработка портала"), "utf-8")

    second = load_social_rule(path=path, by=None)

    assert (second.version, second.parameters) == (first.version + 1, first.parameters)
    assert (second.provenance[:17], first.provenance[:19]) == ("Разработка портал", "Предложение портала")
    assert load_social_rule(path=path, by=None) == second
    assert load_social_rule(by=None) == first


def test_shipped_rule_is_stored_once_with_its_origin() -> None:
    first, second = load_social_rule(by=None), load_social_rule(by=None)

    assert first == second
    assert (first.code, first.version) == ("ISBSH-D", 1)
    assert first.provenance.startswith("Предложение портала, не официальная методика.")
    assert first.rule == make_social_rule()


def test_other_parameters_under_the_same_version_are_refused(tmp_path: Path) -> None:
    load_social_rule(by=None)
    path = tmp_path / "rule.toml"
    path.write_text(SHIPPED.read_text(encoding="utf-8").replace('cut = "40"', 'cut = "45"'), encoding="utf-8")

    with pytest.raises(RuleSetDiffers, match="Поднимите номер версии"):
        load_social_rule(path=path, by=None)


def test_new_version_keeps_the_old_one() -> None:
    rule, author = load_social_rule(by=None), make_user()

    later = new_social_version(rule=rule, parameters={**rule.parameters, "cut": "45"}, provenance="Приказ", by=author)

    assert (later.version, later.rule.cut, later.provenance) == (2, Decimal(45), "Приказ")
    assert SocialIndexRule.objects.get(version=1).rule.cut == 40
    assert AuditEvent.objects.get(actor=author).code == AuditCode.SOCIAL_RULE_CHANGED


def test_version_of_an_old_version_is_the_next_of_all() -> None:
    rule, author = load_social_rule(by=None), make_user()

    versions = [
        new_social_version(rule=rule, parameters=rule.parameters, provenance="Приказ", by=author).version
        for _ in range(2)
    ]

    assert versions == [2, 3]


def test_wrong_parameters_make_no_version() -> None:
    rule = load_social_rule(by=None)

    with pytest.raises(SocialRuleNotAccepted) as refusal:
        new_social_version(rule=rule, parameters={**rule.parameters, "cut": "0"}, provenance="", by=make_user())

    assert refusal.value.problems == ["Порог индекса – больше 0 и не больше 100."]
    assert SocialIndexRule.objects.count() == 1


def test_used_rule_does_not_change() -> None:
    rule = make_run({make_school(): WORKED}).rule
    rule.title = "Другое"

    with pytest.raises(FrozenRow, match="проведён расчёт"):
        rule.save()


# Runs


def test_run_stores_the_index_with_its_evidence(territory: Territory) -> None:
    school = make_school(territory=territory)

    run = make_run({school: WORKED})

    stored = SchoolSocialIndex.objects.get()
    assert (stored.index, stored.verdict, stored.completeness) == (Decimal("43.5625"), "CLEAR", Decimal(1))
    assert stored.evidence[0].x == 12
    assert stored.evidence[0].source.startswith("SA-2, файл «SA-2-")
    assert "строка 5" in stored.evidence[0].source
    assert run.parameters == run.rule.parameters


def test_stored_evidence_gives_the_stored_index_again(territory: Territory) -> None:
    run = make_run({make_school(territory=territory): HARD})
    stored = SchoolSocialIndex.objects.get()
    lost = sum((part.contribution or Fraction(0) for part in stored.evidence), Fraction(0))

    assert stored.index is not None
    assert Fraction(stored.index) == 100 - lost
    assert stored.verdict == social_index(told(HARD), run.used_rule).verdict == SocialVerdict.SHNSU


def test_school_that_told_nothing_has_no_index_and_is_no_zero(territory: Territory) -> None:
    silent = make_school(territory=territory)
    make_run({make_school(territory=territory): WORKED})

    stored = SchoolSocialIndex.objects.get(school=silent)
    assert (stored.index, stored.verdict, stored.completeness) == (None, "INSUFFICIENT_DATA", Decimal(0))
    assert [stored.lowest, stored.highest] == [0, 100]


def test_second_run_is_a_new_row_and_the_first_stays(territory: Territory) -> None:
    school = make_school(territory=territory)
    first = make_run({school: WORKED})
    school.statistics.filter(item="registered").update(value=Decimal(16))

    second = run_social_index(rule=first.rule, territory=territory, year=2025, by=None, at=AT)

    assert first.indices.get().index == Decimal("43.5625")
    assert second.indices.get().index == Decimal("35.1250")
    assert first.data_fingerprint != second.data_fingerprint


def test_same_data_have_the_same_fingerprint(territory: Territory) -> None:
    run = make_run({make_school(territory=territory): WORKED})
    again = run_social_index(rule=run.rule, territory=territory, year=2025, by=None, at=AT)

    assert run.data_fingerprint == again.data_fingerprint


def test_closed_schools_and_other_territories_and_years_take_no_part(territory: Territory) -> None:
    own = make_school(territory=territory)
    tell(make_school(territory=territory, status="closed"))
    tell(make_school())
    tell(own, year=2024)

    run = make_run({own: HARD})

    assert [each.school for each in run.indices.all()] == [own]
    assert run.indices.get().verdict == SocialVerdict.SHNSU


def test_year_without_data_is_refused_with_the_next_step(territory: Territory) -> None:
    make_school(territory=territory)

    with pytest.raises(NothingToIndex, match="Загрузите формы SA-2 и SA-1"):
        run_social_index(rule=load_social_rule(by=None), territory=territory, year=2025, by=None, at=AT)
    assert not SocialIndexRun.objects.exists()


def test_second_source_of_an_indicator_stands_in(territory: Territory) -> None:
    school = make_school(territory=territory)
    tell(school, WORKED, "second_language")
    (row,) = tell(school, {"special_needs": ("6", "200")}, year=2024)
    row.pk, row.year, row.item = None, 2025, "pupils_second_language"
    row.save(force_insert=True)

    calculation = social_calculation(territory=territory, year=2025, rule=make_social_rule())

    ((_, index),) = calculation.outcomes
    language = next(part for part in index.parts if part.code == "second_language")
    assert (language.x, language.source.split(",")[0]) == (Fraction(3), "SA-1")


def test_value_without_its_whole_is_not_known(territory: Territory) -> None:
    school = make_school(territory=territory)
    tell(school)
    school.statistics.filter(item="foster_families").update(whole=None)

    calculation = social_calculation(territory=territory, year=2025, rule=make_social_rule())

    assert [part.code for part in calculation.outcomes[0][1].missing] == ["foster"]


def test_run_is_an_audit_event_with_counts(territory: Territory) -> None:
    hard, plain, silent = (make_school(territory=territory) for _ in range(3))
    run = make_run({hard: HARD, plain: WORKED, silent: {}})

    event = AuditEvent.objects.get(code=AuditCode.SOCIAL_INDEX_RUN)
    assert event.object_id == str(run.pk)
    assert (event.meta["schools"], event.meta["hard"], event.meta["unknown"]) == (3, 1, 1)
    assert next(broken_events(), None) is None


@pytest.mark.parametrize("schools", [1, 4])
def test_calculation_takes_two_queries(
    schools: int, territory: Territory, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(schools):
        tell(make_school(territory=territory))
    rule = make_social_rule()

    with django_assert_num_queries(2):
        social_calculation(territory=territory, year=2025, rule=rule)


# What identification takes


def test_flags_hold_only_what_is_known(territory: Territory) -> None:
    hard, plain, silent, unsure = (make_school(territory=territory) for _ in range(4))
    tell(unsure, WORKED, "foster")  # 38,6–48,6 around the cut of 40
    make_run({hard: HARD, plain: WORKED, silent: {}, unsure: {}})

    assert conditions_beside(territory, 2026).hard == {hard.pk: True, plain.pk: False}


def test_flags_come_of_the_contingent_before_the_results(territory: Territory) -> None:
    school = make_school(territory=territory)
    make_run({school: HARD}, year=2024)
    make_run({school: WORKED}, year=2026)

    found = {year: conditions_beside(territory, year) for year in (2023, 2025, 2026, 2027)}

    assert found[2025] == found[2026] == Conditions(year=2024, hard={school.pk: True})
    assert found[2027] == Conditions(year=2026, hard={school.pk: False})
    assert found[2023] == Conditions()


def test_contingent_older_by_more_than_a_year_tells_of_other_children(territory: Territory) -> None:
    """The results of 2021 ask for October 2020, and October 2019 stands in; those of 2022 have no contingent."""
    make_run({make_school(territory=territory): HARD}, year=2019)

    assert conditions_beside(territory, 2021).year == 2019
    assert conditions_beside(territory, 2022) == conditions_beside(territory, 2026) == Conditions()


def test_run_over_the_region_stands_for_its_municipality(territory: Territory) -> None:
    school = make_school(territory=territory)
    region = territory.parent
    assert region is not None

    run = make_run({school: HARD}, territory=region)

    assert newest_run(territory, 2025) == run
    assert newest_run(make_territory(), 2025) is None


def test_flags_of_another_index_are_not_taken(territory: Territory) -> None:
    school = make_school(territory=territory)
    make_run({school: HARD})

    assert conditions_beside(territory, 2026, "ISBSH-D").hard == {school.pk: True}
    assert conditions_beside(territory, 2026, "OTHER") == Conditions()


@pytest.mark.parametrize(("values", "flag"), [(HARD, True), (WORKED, False), ({}, None)])
def test_identification_is_told_the_conditions_that_its_rule_asks_for(
    territory: Territory, values: dict[str, tuple[str, str]], flag: bool | None
) -> None:
    school, other = make_low_school(territory=territory), make_school(territory=territory)
    make_run({school: values, other: WORKED})
    asks = calculate(territory=territory, year=2026, rules=make_rules(shnsu_rule={"index": "ISBSH-D"}))
    silent = calculate(territory=territory, year=2026, rules=make_rules())

    told = next(facts_of(each, asks) for each in asks.schools if each == school)
    assert told.is_socially_difficult is flag
    assert silent.social is None
    outcome = next(outcome for each, outcome in asks.outcomes if each == school)
    assert (Flag.SHNSU in outcome.flags) is (flag is True)


# Constraints and scope


def test_verdict_without_an_index_is_refused_by_the_database() -> None:
    make_run({make_school(): WORKED})

    with pytest.raises(IntegrityError), transaction.atomic():
        SchoolSocialIndex.objects.update(index=None)


def test_school_stands_in_a_run_once() -> None:
    make_run({make_school(): WORKED})
    row = SchoolSocialIndex.objects.get()
    row.pk = None

    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


@pytest.mark.parametrize(
    ("role", "sees"),
    [(Role.MUNICIPAL_COORDINATOR, True), (Role.SCHOOL_ADMIN, True), (Role.CURATOR, False), (Role.MENTOR, False)],
)
def test_index_is_seen_where_verdicts_are(role: Role, *, sees: bool) -> None:
    school = make_school()
    make_run({school: WORKED})
    is_of_school = role != Role.MUNICIPAL_COORDINATOR
    place = {"school": school} if is_of_school else {"territory": school.territory}
    user = make_user(role=role, **place)

    assert SchoolSocialIndex.objects.visible_to(user).exists() is sees


def test_neighbour_sees_neither_run_nor_index() -> None:
    make_run({make_school(): WORKED})
    stranger = make_user(role=Role.MUNICIPAL_COORDINATOR, territory=make_territory())

    assert not SocialIndexRun.objects.visible_to(stranger).exists()
    assert not SchoolSocialIndex.objects.visible_to(stranger).exists()


def test_parameters_of_the_factory_are_the_shipped_ones() -> None:
    assert make_social_rule().to_parameters() == load_social_rule(by=None).parameters
    assert shipped_parameters()["cut"] == "40"
