"""Words and marks of the page, on stored verdicts."""

from datetime import UTC, datetime
from typing import Any

import pytest

from accounts.russian import NBSP
from schools.choices import BatchState, FileState
from schools.models import ImportBatch, ImportFile, SchoolVerdict
from schools.verdict_pages import VerdictCard, VerdictRow, condition_steps, names, threshold_words
from schools.views.run_page import card_of
from tests.factories.identification import make_rules
from tests.factories.lists import make_low_school, make_quiet_school, make_run, make_verdict
from tests.factories.schools import make_result, make_school, make_territory, make_user

pytestmark = pytest.mark.django_db


def plain(text: str) -> str:
    return text.replace(NBSP, " ")


def verdict_of(**marks: tuple[int, int, int, int]) -> SchoolVerdict:
    """Return the verdict of a school with results, by subject: RU=(n2, n3, n4, n5)."""
    school = make_school(territory=make_territory(), students=21)
    for subject, counts in marks.items():
        make_result(school=school, subject=subject, marks=counts)
    return make_run(territory=school.territory).verdicts.get()


def test_row_shows_dots_for_low_counted_and_missing() -> None:
    territory = make_territory()
    make_low_school(territory=territory)
    quiet = make_quiet_school(territory=territory)
    verdicts = make_run(territory=territory).verdicts

    rows = {each.school_id: VerdictRow(verdict=each, year=2026) for each in verdicts.all()}

    assert rows.pop(quiet.pk).dots == ["", "e"]
    (low,) = rows.values()
    assert low.dots == ["x", "x"]
    assert plain(low.repeat_words) == "два года подряд: 1 процедура"


def test_row_shows_the_worst_result() -> None:
    row = VerdictRow(verdict=verdict_of(RU=(3, 27, 0, 0), MA=(6, 24, 0, 0)), year=2026)

    assert row.worst is not None
    assert (row.worst.code, row.worst_percent) == ("ВПР-МА-5", 20.0)
    assert row.repeat_words == ""
    assert plain(row.school_line) == "средняя школа, город, 21 обучающийся"


def test_row_warns_of_small_classes_under_a_verdict() -> None:
    row = VerdictRow(verdict=verdict_of(RU=(2, 1, 0, 0), MA=(3, 0, 0, 0)), year=2026)

    assert row.warnings == ["малая выборка"]


def test_row_needs_a_decision_only_when_the_rule_names_the_school() -> None:
    assert VerdictRow(verdict=make_verdict(), year=2026).needs_decision is True
    assert VerdictRow(verdict=verdict_of(RU=(1, 20, 9, 0)), year=2026).needs_decision is False


def test_card_explains_the_conditions_in_steps() -> None:
    verdict = make_verdict()

    steps = [(step.kind, plain(step.text)) for step in card_of(verdict, verdict.run).steps]

    assert steps == [
        ("ok", "2 процедуры с долей низких результатов не менее 30 %: нужно не менее 2"),
        ("ok", "1 процедура из них за порогом в 2025 и 2026 годах"),
        ("info", "Достаточно одного из двух условий"),
    ]


@pytest.mark.parametrize(
    ("changes", "last"),
    [
        pytest.param({"combine": "ALL"}, "Нужны оба условия", id="both"),
        pytest.param({"combine": "C1_ONLY"}, "Решает только первое условие", id="first"),
        pytest.param(
            {"repeat_same_procedure": False, "years_required": 2},
            "0 процедур с долей низких результатов не менее 30 %: нужно не менее 2 в каждом из 2 лет",
            id="no repeat, two years",
        ),
    ],
)
def test_steps_follow_the_rule(changes: dict[str, Any], last: str) -> None:
    verdict = SchoolVerdict(verdict="CLEAR", c1=False, c2=False)

    assert plain(condition_steps(verdict, make_rules(**changes), 2026)[-1].text) == last


def test_card_says_what_to_look_at() -> None:
    verdict = verdict_of(RU=(2, 1, 0, 0), MA=(3, 0, 0, 0))

    warnings = [plain(step.text) for step in card_of(verdict, verdict.run).steps if step.kind == "warn"]

    assert warnings == [
        "За порогом есть процедуры, где меньше 10 участников: один человек меняет вывод",
        "За прошлый год результатов нет, повтор не проверен",
    ]


def test_card_puts_the_year_first_and_the_highest_share_on_top() -> None:
    verdict = make_verdict()

    rows = card_of(verdict, verdict.run).rows

    assert [(row.part.year, row.part.code, row.percent) for row in rows] == [
        (2026, "ВПР-РУ-5", 50.0),
        (2026, "ВПР-МА-5", 30.0),
        (2025, "ВПР-РУ-5", 37.5),
    ]


def test_card_folds_what_does_not_decide() -> None:
    school = make_school()
    for grade in (4, 5, 6, 7, 8):
        make_result(school=school, grade=grade, marks=(20, 10, 8, 2))
    make_result(school=school, subject="MA", marks=(1, 30, 8, 1))
    verdict = make_run(territory=school.territory).verdicts.get()

    card = card_of(verdict, verdict.run)

    assert [row.part.code for row in card.first_rows] == [f"ВПР-РУ-{grade}" for grade in (4, 5, 6, 7, 8)]
    assert [row.part.code for row in card.other_rows] == ["ВПР-МА-5"]


def test_card_says_how_far_the_threshold_is_in_pupils() -> None:
    verdict = verdict_of(RU=(12, 20, 8, 0), MA=(10, 20, 10, 0))

    notes = [plain(row.note) for row in card_of(verdict, verdict.run).rows]

    assert notes == ["за порогом: 1 чел.", "до порога: 2 чел."]


@pytest.mark.parametrize(
    ("changes", "note"),
    [
        pytest.param({"min_participants": 10}, "не учтена: меньше 10 участников", id="small"),
        pytest.param({"objectivity_mode": "DROP_PROCEDURE"}, "не учтена: признаки необъективности", id="marked"),
    ],
)
def test_card_says_why_a_procedure_is_not_counted(changes: dict[str, Any], note: str) -> None:
    school = make_school()
    make_result(school=school, marks=(1, 2, 0, 0), objectivity_markers=["5РУ"])
    run = make_run(territory=school.territory)
    state = "SMALL_N" if "min_participants" in changes else "DROPPED"
    verdict = run.verdicts.get()
    verdict.parts[0]["state"] = state

    card = VerdictCard(verdict=verdict, rules=make_rules(**changes), year=2026, results={})

    assert plain(card.rows[0].note) == note


def test_small_class_shows_its_interval() -> None:
    verdict = verdict_of(RU=(3, 6, 0, 0))

    (row,) = card_of(verdict, verdict.run).rows
    assert plain(row.interval) == "12,1–64,6 %"


def test_large_class_shows_no_interval() -> None:
    verdict = verdict_of(RU=(12, 20, 8, 0))

    (row,) = card_of(verdict, verdict.run).rows
    assert row.interval == ""


def test_bar_stretches_for_a_share_above_sixty() -> None:
    low, high = verdict_of(RU=(12, 20, 8, 0)), verdict_of(RU=(9, 1, 0, 0))

    assert card_of(low, low.run).bar_maximum == 60
    assert card_of(high, high.run).bar_maximum == 90


def test_card_names_file_row_and_who_loaded_it() -> None:
    school, person = make_school(), make_user(last_name="Сергеева")
    moment = datetime(2026, 10, 12, 9, tzinfo=UTC)
    batch = ImportBatch.objects.create(
        territory=school.territory,
        state=BatchState.APPLIED,
        created_by=person,
        created_at=moment,
        applied_by=person,
        applied_at=moment,
    )
    file = ImportFile.objects.create(batch=batch, name="ру_5.xlsx", size=1, sha256="0" * 64, state=FileState.RECOGNISED)
    make_result(school=school, marks_file=file, marks_row=118)
    verdict = make_run(territory=school.territory).verdicts.get()

    card = card_of(verdict, verdict.run)

    assert [row.source for row in card.rows] == ["ру_5.xlsx, строка 118"]
    assert [plain(text) for text in card.loaded] == ["Сергеева А. И., 12.10.2026"]


def test_card_lists_what_is_missing() -> None:
    territory = make_territory()
    make_low_school(territory=territory)
    quiet = make_quiet_school(territory=territory)
    run = make_run(territory=territory)

    card = card_of(run.verdicts.get(school=quiet), run)

    assert (card.title, card.missing) == ("Почему не в списке", "ВПР, математика, 5 класс")


def test_threshold_has_no_needless_zeros() -> None:
    assert plain(threshold_words(make_rules())) == "30 %"
    assert plain(threshold_words(make_rules(share_threshold_pct="27.5"))) == "27,50 %"


def test_long_lists_of_names_end_with_a_number() -> None:
    assert names(["Б", "А"]) == "А, Б"
    assert names([str(number) for number in range(10, 22)]).endswith("19, ещё 2")
