"""Words and marks of the page, on stored verdicts."""

from datetime import UTC, datetime
from typing import Any

import pytest

from accounts.russian import NBSP
from schools.actions.identification import run_identification
from schools.actions.rule_sets import load_rule_set, new_version
from schools.choices import BatchState, FileState
from schools.models import IdentificationRun, ImportBatch, ImportFile, School, SchoolVerdict, Territory
from schools.verdict_pages import VerdictCard, VerdictRow, condition_steps, is_changed_by_one, names, threshold_words
from schools.verdict_reading import card_of
from tests.factories.identification import make_rules
from tests.factories.lists import (
    AT,
    make_list,
    make_low_school,
    make_quiet_school,
    make_run,
    make_run_under,
    make_verdict,
)
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


def row_of(verdict: SchoolVerdict, **changes: Any) -> VerdictRow:
    return VerdictRow(verdict=verdict, rules=make_rules(**changes), year=2026)


def test_row_shows_dots_for_low_counted_and_missing() -> None:
    territory = make_territory()
    make_low_school(territory=territory)
    quiet = make_quiet_school(territory=territory)
    verdicts = make_run(territory=territory).verdicts

    rows = {each.school_id: row_of(each) for each in verdicts.all()}

    assert rows.pop(quiet.pk).dots == ["", "e"]
    (low,) = rows.values()
    assert low.dots == ["x", "x"]
    assert plain(low.repeat_words) == "два года подряд: 1 процедура"


def test_row_shows_the_worst_result() -> None:
    row = row_of(verdict_of(RU=(3, 27, 0, 0), MA=(6, 24, 0, 0)))

    assert row.worst is not None
    assert (row.worst.code, row.worst_percent) == ("ВПР-МА-5", 20.0)
    assert row.repeat_words == ""
    assert plain(row.school_line) == "средняя школа, город, 21 обучающийся"


@pytest.mark.parametrize(
    ("repeated", "changes", "words"),
    [
        pytest.param(1, {}, "два года подряд: 1 процедура", id="repeated"),
        pytest.param(0, {}, "два года подряд: ни одной", id="not repeated"),
        pytest.param(1, {"repeat_years": 3}, "3 года подряд: 1 процедура", id="three years"),
        pytest.param(0, {"repeat_same_procedure": False, "combine": "C1_ONLY"}, "", id="the rule has no repeat"),
        pytest.param(0, {"trend_rule": {}}, "", id="three lists look at each year"),
        pytest.param(0, {"relative_rule": {"cluster_by": ["KIND"]}}, "", id="only the comparison decides"),
    ],
)
def test_row_speaks_of_repeats_only_where_the_rule_looks_at_them(
    repeated: int, changes: dict[str, Any], words: str
) -> None:
    verdict = SchoolVerdict(low_procedures=2, repeated_procedures=repeated)

    assert plain(row_of(verdict, **changes).repeat_words) == words


def test_row_warns_of_small_classes_under_a_verdict() -> None:
    row = row_of(verdict_of(RU=(2, 1, 0, 0), MA=(3, 0, 0, 0)))

    assert row.warnings == ["малая выборка"]


def test_row_needs_a_decision_only_when_the_rule_names_the_school() -> None:
    assert row_of(make_verdict()).needs_decision is True
    assert row_of(verdict_of(RU=(1, 20, 9, 0))).needs_decision is False


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
            "0 процедур в 2025 году и 0 процедур в 2026 году с долей низких результатов не менее 30 %: "
            "нужно не менее 2 в каждом из 2 лет",
            id="no repeat, two years",
        ),
        pytest.param(
            {"trend_rule": {}},
            "0 процедур в 2024 году, 0 процедур в 2025 году и 0 процедур в 2026 году с долей низких результатов "
            "не менее 30 %: нужно не менее 2 в каждом из 3 лет",
            id="three lists",
        ),
        pytest.param({"repeat_years": 3}, "Достаточно одного из двух условий", id="three years"),
    ],
)
def test_steps_follow_the_rule(changes: dict[str, Any], last: str) -> None:
    verdict = SchoolVerdict(verdict="CLEAR", c1=False, c2=False)

    assert plain(condition_steps(verdict, make_rules(**changes), 2026)[-1].text) == last


def test_step_of_the_repeat_names_all_its_years() -> None:
    verdict = SchoolVerdict(verdict="CLEAR", c1=False, c2=False, repeated_procedures=0)

    _, repeat, _ = condition_steps(verdict, make_rules(repeat_years=3), 2026)

    assert repeat.text == "Повтора в 2024, 2025 и 2026 годах нет"


def test_repeat_that_could_not_be_checked_is_not_said_to_be_absent() -> None:
    verdict = verdict_of(RU=(20, 20, 0, 0))

    steps = [plain(step.text) for step in card_of(verdict, verdict.run).steps]

    assert "Повтор в 2025 и 2026 годах не проверен: учтённые результаты есть не за все эти годы" in steps
    assert plain(row_of(verdict).repeat_words) == "два года подряд: не проверено"


def test_school_with_nothing_low_repeats_nothing_whatever_the_years_before_were() -> None:
    verdict = verdict_of(RU=(3, 27, 0, 0))

    steps = [plain(step.text) for step in card_of(verdict, verdict.run).steps]

    assert "PREVIOUS_YEAR" in verdict.flags
    assert "Повтора в 2025 и 2026 годах нет" in steps


def test_step_of_three_lists_holds_when_every_year_does() -> None:
    school = make_school()
    for year, low in ((2024, 20), (2025, 20), (2026, 20)):
        make_result(school=school, year=year, marks=(low, 40 - low, 0, 0))
        make_result(school=school, subject="MA", year=year, marks=(low, 40 - low, 0, 0))

    own = steps_of(run_with(school.territory, trend_rule={}).verdicts.get())[0]

    assert own == (
        "ok",
        (
            "2 процедуры в 2024 году, 2 процедуры в 2025 году и 2 процедуры в 2026 году с долей низких результатов "
            "не менее 30 %: нужно не менее 2 в каждом из 3 лет"
        ),
    )


def test_step_counts_subjects_where_the_rule_does() -> None:
    school = make_school()
    for grade in (5, 6, 7):
        make_result(school=school, grade=grade, marks=(20, 20, 0, 0))

    own = steps_of(run_with(school.territory, count_subject_once=True).verdicts.get())[0]

    assert own == (
        "no",
        "3 процедуры (1 предмет) с долей низких результатов не менее 30 %: нужно не менее 2 предметов",
    )


def test_card_says_what_to_look_at() -> None:
    verdict = verdict_of(RU=(2, 1, 0, 0), MA=(3, 0, 0, 0))

    repeat, small, before = [plain(step.text) for step in card_of(verdict, verdict.run).steps if step.kind == "warn"]

    assert repeat.startswith("Повтор в 2025 и 2026 годах не проверен")
    assert small == (
        "За порогом есть процедуры, где меньше 10 участников: малая выборка, "
        "доля меняется на 33,3 п. п. от одного человека"
    )
    assert before == "За прошлые годы, на которые смотрит правило, учтённых результатов нет или есть не все"


@pytest.mark.parametrize(
    ("marks", "is_changed"),
    [
        pytest.param({"RU": (1, 2, 0, 0), "MA": (3, 0, 0, 0)}, True, id="one better mark ends the condition"),
        pytest.param({"RU": (2, 1, 0, 0), "MA": (3, 0, 0, 0)}, False, id="both stand far above the threshold"),
        pytest.param({"RU": (2, 1, 0, 0), "MA": (0, 3, 0, 0)}, True, id="one worse mark would begin it"),
        pytest.param({"RU": (2, 1, 0, 0), "MA": (0, 30, 0, 0)}, False, id="the other work is neither small nor near"),
    ],
)
def test_one_pupil_is_said_to_change_the_verdict_only_where_it_is_so(
    marks: dict[str, tuple[int, int, int, int]], is_changed: bool
) -> None:
    verdict = verdict_of(**marks)

    (small,) = [step.text for step in card_of(verdict, verdict.run).steps if "процедуры, где меньше" in step.text]

    assert ("один человек меняет вывод" in small) is is_changed
    assert ("малая выборка" in small) is not is_changed


def test_verdict_beside_other_schools_is_not_said_to_hang_on_one_pupil() -> None:
    verdict = verdict_of(RU=(1, 2, 0, 0), MA=(3, 0, 0, 0))

    assert is_changed_by_one(verdict, make_rules(), 2026)
    assert not is_changed_by_one(verdict, make_rules(relative_rule={}), 2026)


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


def test_one_low_work_is_agreed_with_its_number() -> None:
    verdict = verdict_of(RU=(2, 2, 1, 0), MA=(2, 2, 1, 0))

    notes = [plain(row.note) for row in card_of(verdict, verdict.run).rows]

    assert [note.partition(": не более ")[2] for note in notes] == ["1 низкой из 5", "1 низкой из 5"]


def test_card_says_how_far_the_threshold_is_in_pupils() -> None:
    verdict = make_verdict()

    notes = [plain(row.note) for row in card_of(verdict, verdict.run).rows]

    assert notes == [
        "за порогом: 9 чел.; чтобы не попасть, хватит этой работы: не более 11 низких из 40",
        "за порогом: 1 чел.; чтобы работа не была за порогом, не более 11 низких из 40",
        "за порогом: 4 чел.; чтобы работа не была за порогом, не более 11 низких из 40",
    ]


def test_one_of_many_low_works_is_no_way_out_for_the_school() -> None:
    school = make_school()
    for grade in (4, 5, 6):
        make_result(school=school, grade=grade, marks=(12, 20, 8, 0))
    verdict = make_run(territory=school.territory).verdicts.get()

    notes = [plain(row.note) for row in card_of(verdict, verdict.run).rows]

    assert notes == ["за порогом: 1 чел.; чтобы работа не была за порогом, не более 11 низких из 40"] * 3


def test_school_that_is_not_named_is_told_no_way_out() -> None:
    verdict = verdict_of(RU=(12, 20, 8, 0), MA=(10, 20, 10, 0))

    card = card_of(verdict, verdict.run)

    assert card.title == "Почему не в списке"
    assert [plain(row.note) for row in card.rows] == ["за порогом: 1 чел.", "до порога: 2 чел."]


def test_school_of_a_kind_that_the_rule_leaves_out_is_told_no_way_out() -> None:
    school = make_low_school()
    verdict = make_run_under(territory=school.territory, exclude_types=[school.kind]).verdicts.get()

    assert "чтобы" not in " ".join(row.note for row in card_of(verdict, verdict.run).rows)


@pytest.mark.parametrize(
    ("use", "words"),
    [
        pytest.param("SOLE", "", id="only the comparison decides"),
        pytest.param("ANY", "; чтобы работа не была за порогом, ", id="the comparison is enough"),
        pytest.param("ALL", "; чтобы работа не была за порогом, ", id="the comparison is needed too"),
    ],
)
def test_school_under_a_comparison_is_told_of_its_works_alone(use: str, words: str) -> None:
    territory = make_territory()
    school = make_low_school(territory=territory)
    for _ in range(3):
        make_quiet_school(territory=territory)
    rule = {"cluster_by": ["KIND"], "use": use, "min_schools": 2}
    verdict = make_run_under(territory=territory, relative_rule=rule).verdicts.get(school=school)

    notes = [plain(row.note) for row in card_of(verdict, verdict.run).rows if row.part.is_low]

    assert verdict.is_named_by_rule is True
    assert [note.partition("чел.")[2].partition("не более")[0] for note in notes] == [words] * 3


def test_school_that_the_exit_rule_would_keep_is_told_of_its_works_alone() -> None:
    school = make_low_school()
    make_list([school], year=2025)
    verdict = make_run(territory=school.territory).verdicts.get()

    notes = [plain(row.note) for row in card_of(verdict, verdict.run).rows]

    assert all("чтобы работа не была за порогом, не более" in note for note in notes)


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
    verdict.parts[0][2] = state

    card = VerdictCard(verdict=verdict, rules=make_rules(**changes), year=2026, rows_of_day={})

    assert plain(card.rows[0].note) == note


def test_small_class_shows_its_interval() -> None:
    verdict = verdict_of(RU=(3, 6, 0, 0))

    (row,) = card_of(verdict, verdict.run).rows
    assert plain(row.interval) == "12,1–64,6 %"


def test_interval_of_a_large_class_is_known_too() -> None:
    verdict = verdict_of(RU=(12, 20, 8, 0))

    (row,) = card_of(verdict, verdict.run).rows
    assert plain(row.interval) == "18,1–45,4 %"


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


# Rules that look at other schools and other years


def run_with(territory: Territory, **changes: Any) -> IdentificationRun:
    rule_set = new_version(rule_set=load_rule_set(by=None), changes=changes, basis=None, by=make_user())
    return run_identification(rule_set=rule_set, territory=territory, year=2026, by=None, at=AT)


def steps_of(verdict: SchoolVerdict) -> list[tuple[str, str]]:
    return [(step.kind, plain(step.text)) for step in card_of(verdict, verdict.run).steps]


def test_card_of_a_rule_that_only_compares_calls_its_own_counts_no_condition() -> None:
    school = make_school()
    make_result(school=school, marks=(20, 20, 0, 0))

    steps = steps_of(run_with(school.territory, relative_rule={}).verdicts.get())

    assert steps[0] == (
        "info",
        "1 процедура с долей низких результатов не менее 30 %: для ориентира, решает сравнение",
    )
    assert not [text for _, text in steps if "нужно не менее 2" in text]


@pytest.mark.parametrize(("least", "is_said"), [(1, False), (40, True), (41, False)])
def test_card_says_that_every_work_is_large_enough(least: int, is_said: bool) -> None:
    school = make_school()
    make_result(school=school, marks=(20, 20, 0, 0))

    steps = steps_of(run_with(school.territory, min_participants=least).verdicts.get())

    assert (("ok", "В каждой процедуре не менее 40 участников") in steps) is is_said


def test_card_says_that_the_conditions_of_the_school_are_hard() -> None:
    verdict = SchoolVerdict(school=School(name="Школа", kind="СОШ", locality="город"), flags=["SHNSU"])
    card = VerdictCard(verdict=verdict, rules=make_rules(), year=2026, rows_of_day={})

    assert card.school_line.endswith(" · ШНСУ")


def test_card_says_where_the_school_stands_among_similar_ones() -> None:
    territory = make_territory()
    schools = [make_school(territory=territory) for _ in range(4)]
    for low, school in enumerate(schools):
        make_result(school=school, marks=(10 * low, 40 - 10 * low, 0, 0))
    rule = {"cluster_by": ["KIND"], "min_schools": 4}

    run = run_with(territory, relative_rule=rule)

    steps = {each.school: steps_of(each) for each in run.verdicts.select_related("school")}
    assert (
        "ok",
        (
            "Среди похожих (СОШ): доля низких результатов по всем работам 75,00 % (30 из 40), в среднем 37,50 %; "
            "4-е место из 4 школ, 1-е — лучшее. Школа отстаёт от похожих школ."
        ),
    ) in steps[schools[3]]
    assert [kind for kind, text in steps[schools[2]] if "Среди похожих" in text] == ["no"]


def test_card_says_the_place_of_each_work_among_similar_schools() -> None:
    territory = make_territory()
    schools = [make_school(territory=territory) for _ in range(4)]
    for low, school in enumerate(schools):
        make_result(school=school, marks=(10 * low, 40 - 10 * low, 0, 0))
        make_result(school=school, subject="MA", marks=(low, 40 - low, 0, 0))
    rule = {"cluster_by": ["KIND"], "min_schools": 4, "measure": "EACH_WORK"}

    run = run_with(territory, relative_rule=rule)

    steps = steps_of(run.verdicts.get(school=schools[3]))
    assert [kind for kind, text in steps if "за границей — 2 из 2, нужно не менее 2" in text] == ["ok"]
    assert not [text for _, text in steps if "место из 4 школ кластера" in text]  # told among the reasons
    assert {row.part.code: row.place for row in card_of(run.verdicts.get(school=schools[3]), run).rows} == {
        "ВПР-РУ-5": "в кластере 4-е место из 4, за границей",
        "ВПР-МА-5": "в кластере 4-е место из 4, за границей",
    }
    assert {row.place for row in card_of(run.verdicts.get(school=schools[2]), run).rows} == {
        "в кластере 3-е место из 4"
    }
    (other,) = [kind for kind, text in steps_of(run.verdicts.get(school=schools[2])) if "за границей — 0 из 2" in text]
    assert other == "no"


def test_card_says_that_there_are_too_few_similar_schools() -> None:
    school = make_school()
    make_result(school=school, marks=(20, 20, 0, 0))

    steps = steps_of(run_with(school.territory, relative_rule={}).verdicts.get())

    few = "Школ с учтёнными результатами в кластере (СОШ, город) 1, считая эту: этого мало, чтобы сравнивать."
    assert ("warn", few) in steps


def test_card_says_what_the_years_were_like_and_that_the_school_stays() -> None:
    school = make_school()
    for year, low in ((2024, 20), (2025, 20), (2026, 1)):
        make_result(school=school, year=year, marks=(low, 40 - low, 0, 0))
        make_result(school=school, subject="MA", year=year, marks=(low, 40 - low, 0, 0))
    make_list([school], year=2025)

    steps = steps_of(run_with(school.territory, trend_rule={}).verdicts.get())

    assert [text for kind, text in steps if kind == "info"][-2:] == [
        "Школа была в перечне и остаётся в нём: лет без условий подряд 1, для выхода нужно 2.",
        (
            "Ни низкие, ни стабильно высокие результаты: 2024 — за порогом 2 из 2; 2025 — за порогом 2 из 2; "
            "2026 — за порогом 0 из 2."
        ),
    ]


def test_card_shows_pooled_grades_and_the_grades_themselves() -> None:
    school = make_school()
    for grade in (5, 6):
        make_result(school=school, grade=grade, marks=(3, 3, 0, 0))

    verdict = run_with(school.territory, pool_small_schools="GRADES", min_participants=10).verdicts.get()

    notes = {row.part.code: plain(row.note) for row in card_of(verdict, verdict.run).rows}
    assert notes == {
        "ВПР-РУ-5+6": "за порогом: 3 чел.",
        "ВПР-РУ-5": "учтена вместе с другими параллелями",
        "ВПР-РУ-6": "учтена вместе с другими параллелями",
    }
    assert ("warn", "Участников мало: некоторые работы сложены вместе") in steps_of(verdict)


def test_card_says_that_a_marked_result_does_not_speak_for_the_school() -> None:
    school = make_school()
    make_result(school=school, marks=(0, 40, 0, 0), objectivity_markers=["5РУ"])

    verdict = run_with(school.territory, objectivity_mode="SEPARATE_LIST").verdicts.get()

    (row,) = card_of(verdict, verdict.run).rows
    assert row.note == "не говорит в пользу школы: признаки необъективности"
    assert verdict.is_marked is True
