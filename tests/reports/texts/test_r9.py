"""The wording of R9: no database."""

from dataclasses import replace
from typing import Any

import pytest

from reports.document import CellTone, Figure, SlopeChart, Table, Turn
from reports.document.writers.xlsx import text_lines
from reports.facts.codec import from_json, to_json
from reports.facts.r9 import Beside, ComparedFacts, Levels, R9Facts, RemarkFacts, YearCount
from reports.texts.r9 import document
from schools.dynamics import SchoolTrend, Trend, View
from tests.factories.facts import make_execution
from tests.factories.facts_dynamics import make_change, make_line, make_pair, make_r9


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def lines(facts: R9Facts) -> list[str]:
    return [plain(line.text) for line in text_lines(document(facts))]


def table(facts: R9Facts, start: str) -> Table:
    return next(each for each in document(facts).tables() if each.title.startswith(start))


def cells(made: Table) -> list[list[str]]:
    return [[plain(cell.bare if isinstance(cell, Figure) else cell) for cell in row] for row in made.rows]


@pytest.mark.parametrize(
    ("school", "heading"),
    [
        ("МБОУ «СОШ № 3»", "о динамике результатов оценочных процедур (МБОУ «СОШ № 3») за 2025–2026 годы"),
        (
            "",
            "о динамике результатов оценочных процедур школ Светлоборского муниципального округа за 2025–2026 годы",
        ),
    ],
)
def test_heading_names_the_school_or_the_territory(school: str, heading: str) -> None:
    assert plain(document(make_r9(school=school)).heading) == heading


@pytest.mark.parametrize("tells_day", [True, False])
def test_day_of_the_results_is_told_but_not_in_old_versions(*, tells_day: bool) -> None:
    made = lines(make_r9(tells_day=tells_day))

    assert ("Результаты всех лет – какими они были в портале на 25.12.2026." in made) is tells_day


def test_verdict_counts_the_works_in_agreement() -> None:
    assert (
        "В 2026 году к 2025 году динамика по обязательным предметам (русский язык и математика) разнонаправленная: "
        "положительная – по 1 работе, отрицательная – по 0 работам, стабильная – по 2 работам, без уровня – "
        "по 0 работам."
    ) in lines(make_r9())


def test_every_level_stands_with_its_counts_share_and_significance() -> None:
    made = table(make_r9(), "Параллель")

    assert cells(made) == [
        [
            "2026 год к 2025 году",
            "ВПР, русский язык, 5 класс",
            "40",
            "30,0",
            "40",
            "10,0",
            "−20,0",
            "да",
            "положительная",
        ]
    ]
    assert made.tones[0][8] is CellTone.OK
    assert made.is_grouped


@pytest.mark.parametrize(
    ("fields", "words", "tone"),
    [
        ({"trend": Trend.DECLINING, "is_significant": False}, ["нет", "отрицательная"], CellTone.BAD),
        ({"trend": Trend.STABLE}, ["да", "стабильная"], None),
        ({"trend": Trend.INSUFFICIENT_DATA, "is_significant": None}, ["–", "мало данных"], None),  # built before
        (
            {"trend": Trend.INSUFFICIENT_DATA, "is_significant": None, "shortage": "мало участников: 6 и 8"},
            ["–", "мало участников: 6 и 8"],
            None,
        ),
        (
            {"trend": Trend.NOT_CALCULATED, "is_significant": None},
            ["–", "не рассчитывается: числа низких нет"],
            None,
        ),
        ({"trend": Trend.NOT_COMPARABLE}, ["да", "несопоставимо"], CellTone.WARN),
    ],
)
def test_level_is_a_word_and_its_ground_only_repeats_it(
    fields: dict[str, Any], words: list[str], tone: CellTone | None
) -> None:
    made = table(make_r9(pairs=(make_pair(changes=(make_change(**fields),)),)), "Параллель")

    assert cells(made)[0][7:9] == words
    assert made.tones[0][8] is tone


def test_work_of_one_year_says_that_the_other_is_missing() -> None:
    change = make_change(before=None, trend=Trend.INSUFFICIENT_DATA, is_significant=None)
    made = table(make_r9(pairs=(make_pair(changes=(change,)),)), "Параллель")

    assert cells(made)[0][2:7] == ["сведения не представлены"] * 2 + ["40", "10,0"] + ["сведения не представлены"]
    assert any("сведения не представлены" in note for note in made.all_notes)


def test_remarks_are_numbered_once_and_told_under_their_table() -> None:
    remark = RemarkFacts(text="Работы лет различались", source="приказ", forbids=True)
    scale = RemarkFacts(text="Шкала другая", source="", forbids=False)
    changes = (make_change(remarks=(remark,)), make_change(remarks=(remark, scale)), make_change())
    made = table(make_r9(pairs=(make_pair(changes=changes),)), "Параллель")

    assert [row[-1] for row in cells(made)] == ["1", "1, 2", ""]
    assert made.notes == (
        "Примечание 1. Работы лет различались. Уровень не даётся. Источник: приказ.",
        "Примечание 2. Шкала другая.",
    )


def test_pairs_of_a_view_share_a_table_the_newest_first() -> None:
    pairs = (make_pair(), make_pair(view=View.COHORT), make_pair(year=2025), make_pair(year=2025, view=View.COHORT))
    facts = make_r9(years=(2024, 2025, 2026), pairs=pairs)

    for title in ("Параллель", "Когорта"):
        assert [row[0] for row in table(facts, title).rows] == ["2026 год к 2025 году", "2025 год к 2024 году"]


def test_slopes_show_the_works_that_changed_most_in_the_parallel() -> None:
    still = make_change(title="другая", code="ВПР МА-5", after=YearCount(year=2026, low=12, participants=40))
    alone = make_change(code="нет", before=None)
    pairs = (make_pair(changes=(still, alone, make_change())), make_pair(view=View.COHORT))

    (chart,) = [block for block in document(make_r9(pairs=pairs)).blocks if isinstance(block, SlopeChart)]

    assert chart.moments == ("2025", "2026")
    assert [(each.label, plain(each.before.text), plain(each.after.text)) for each in chart.slopes] == [
        ("ВПР РУ-5", "30,0 %", "10,0 %"),
        ("ВПР МА-5", "30,0 %", "30,0 %"),
    ]
    assert chart.slopes[0].turn is Turn.BETTER


@pytest.mark.parametrize(("years", "is_wide"), [((2024, 2025, 2026), False), ((2023, 2024, 2025, 2026), True)])
def test_many_years_turn_the_sheet(years: tuple[int, ...], is_wide: bool) -> None:
    made = table(make_r9(years=years), "Доля «2» по годам")

    assert made.is_wide is is_wide
    assert len(made.columns) == 1 + 2 * len(years)
    assert cells(made)[0][-4:] == ["40", "30,0", "40", "10,0"]
    assert cells(made)[0][1] == ""


def test_parameters_of_the_levels_are_those_of_the_facts() -> None:
    bounds = replace(make_r9().bounds, declining_from="7,5", small_n=15)

    told = " ".join(lines(make_r9(bounds=bounds)))

    assert "выросла на 7,5 п. п. и больше" in told
    assert "участников меньше 15" in told


def test_school_stands_beside_its_municipality() -> None:
    beside = Beside(
        title="ВПР, русский язык", year=2026, low=12, participants=40, around_low=None, around_participants=None
    )
    made = table(make_r9(beside=(beside,)), "Обязательные предметы")

    assert cells(made) == [["ВПР, русский язык", "2026", "40", "30,0", *["сведения не представлены"] * 2]]


SAME = ComparedFacts(both=15, only_before=5, only_after=0)


def territory_of(*schools: ComparedFacts, **fields: Any) -> R9Facts:
    """Return a territory with a work for each of these numbers of schools."""
    changes = tuple(make_change(title=f"работа {at}", schools=each, **fields) for at, each in enumerate(schools))
    return make_r9(school="", pairs=(make_pair(changes=changes),))


def told_of(facts: R9Facts, words: str) -> list[str]:
    return [line for line in lines(facts) if words in line]


OTHER = ComparedFacts(both=12, only_before=0, only_after=1)


@pytest.mark.parametrize(
    ("schools", "words"),
    [
        ([SAME], "15 школ; нет в сравнении писавших только в 2025 году – 5 школ."),
        (
            [SAME, OTHER, ComparedFacts(both=0, only_before=20, only_after=0)],
            (
                "от 12 до 15 школ; нет в сравнении писавших только в 2025 году – от 0 до 5 школ, "
                "только в 2026 году – от 0 до 1 школы."
            ),
        ),
        ([ComparedFacts(both=1, only_before=0, only_after=0)], "1 школа."),
    ],
)
def test_territory_says_how_many_schools_are_compared(schools: list[ComparedFacts], words: str) -> None:
    start = "Параллель к параллели: сравнены школы, писавшие работу и в 2025, и в 2026 году, – "

    assert told_of(territory_of(*schools), "сравнены школы") == [start + words]


def test_territory_without_a_school_in_both_years_says_so() -> None:
    told = told_of(territory_of(ComparedFacts(both=0, only_before=3, only_after=2)), "сравнивать нечего")

    assert told == ["Школ, писавших работу и в 2025, и в 2026 году, нет: сравнивать нечего."]


def test_changes_of_a_territory_stand_with_their_schools() -> None:
    made = table(territory_of(SAME), "Параллель")

    assert [column.title for column in made.columns][2:5] == ["Школ", "Только было", "Только стало"]
    assert cells(made)[0][2:9] == ["15", "5", "0", "40", "30,0", "40", "10,0"]
    assert made.tones[0][11] is CellTone.OK
    assert made.is_wide
    assert made.notes[0].startswith("Школ – сколько школ сравнено: работа есть у них в оба года.")


def test_work_that_no_school_has_twice_has_no_numbers() -> None:
    nobody = ComparedFacts(both=0, only_before=3, only_after=2)
    facts = territory_of(nobody, before=None, after=None, trend=Trend.INSUFFICIENT_DATA, is_significant=None)

    assert cells(table(facts, "Параллель"))[0][2:12] == ["0", "3", "2", *["–"] * 6, "мало данных"]


def test_sums_of_years_are_named_so_beside_the_comparison() -> None:
    facts = territory_of(SAME)
    years = table(facts, "Доля «2» по годам")
    (chart,) = [block for block in document(facts).blocks if isinstance(block, SlopeChart)]

    assert years.title == "Доля «2» по годам: все школы, писавшие работу в этом году"
    assert "разница двух лет здесь – не изменение" in years.notes[-1]
    assert "школы, писавшие работу в оба года" in chart.title
    compared = [cell for row in table(facts, "Параллель").rows for cell in row[5:9] if isinstance(cell, Figure)]
    labels = {plain(figure.source.label) for figure in compared}
    assert labels == {
        f"Сумма по школам Светлоборского муниципального округа, писавшим работу в оба года, {year} год"
        for year in (2025, 2026)
    }


def test_version_that_compared_all_schools_reads_as_it_was_built() -> None:
    facts = make_r9(school="")
    stored = to_json(facts)
    for change in stored["pairs"][0]["changes"]:
        del change["schools"]
    read = from_json(R9Facts, stored)

    assert read == facts
    assert told_of(read, "сравнены школы") == []
    assert table(read, "Доля «2» по годам").title == "Доля «2» по годам"
    assert len(table(read, "Параллель").columns) == 9


def test_territory_lists_its_schools_with_their_levels() -> None:
    facts = make_r9(school="", has_schools=True, schools=(make_line(),))
    made = table(facts, "Школы")

    assert cells(made) == [
        ["1", "МБОУ «СОШ № 3»", "отрицательная", "0", "3", "1", "2", "не оценивается, данных мало", "0", "0", "0", "4"]
    ]
    assert (made.tones[0][2], made.tones[0][7]) == (CellTone.BAD, None)


@pytest.mark.parametrize(
    ("tells_shortage", "verdict", "words"),
    [
        (True, "не оценивается, уровня нет ни у одной работы", "участников мало, нет результата одного из лет или"),
        (False, "не оценивается, данных мало", "данных мало или работы лет различались"),
    ],
)
def test_versions_that_know_tell_few_participants_from_a_year_without_a_result(
    tells_shortage: bool, verdict: str, words: str
) -> None:
    pair = make_pair(trend=SchoolTrend.INSUFFICIENT_DATA)
    facts = make_r9(school="", has_schools=True, schools=(make_line(),), pairs=(pair,), tells_shortage=tells_shortage)
    made = table(facts, "Школы")

    assert cells(made)[0][7] == verdict
    assert words in made.notes[0]
    told = " ".join(lines(facts))
    assert f"(русский язык и математика) {verdict}: положительная" in told
    assert ("Пустые ячейки: результата этого года нет" in " ".join(table(facts, "Доля").notes)) == tells_shortage
    assert ("не даётся он и тогда, когда результата одного из лет нет" in told) == tells_shortage


def test_region_points_to_the_municipal_reports() -> None:
    assert "Динамика отдельных школ – в справках по муниципалитетам." in lines(make_r9(school=""))


def test_years_that_do_not_follow_each_other_say_so() -> None:
    told = lines(make_r9(years=(2023, 2026), pairs=()))

    assert any(line.startswith("Лет с результатами, которые следуют друг за другом, в периоде нет") for line in told)


def test_roadmap_is_told_in_a_sentence() -> None:
    assert "Исполнено 12 мероприятий из 20 (60,0 %), просрочено – 3." in lines(make_r9(execution=make_execution()))


def test_every_number_has_a_source_with_its_page() -> None:
    facts = make_r9(pairs=(make_pair(levels=Levels(improving=5, stable=0, declining=0, unknown=0)),))

    sources = {figure.source.url for figure in document(facts).figures()}

    assert sources == {"/schools/3/results/?year=2025", "/schools/3/results/?year=2026", "/schools/3/results/"}


def test_stored_facts_make_the_same_document() -> None:
    facts = make_r9(pairs=(make_pair(trend=SchoolTrend.STABLE),), execution=make_execution())

    assert document(from_json(R9Facts, to_json(facts))) == document(facts)
