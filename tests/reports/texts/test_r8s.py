"""The wording of R8S: no database."""

import pytest

from reports.document import CellTone, Figure, Note, Table
from reports.document.writers.xlsx import text_lines
from reports.facts.codec import from_json, to_json
from reports.facts.r8s import R8SFacts
from reports.texts.phrases import in_genitive
from reports.texts.r8s import MISTAKE, document
from schools.choices import ListKind
from schools.list_kinds import EXPLAINED
from tests.factories.facts_dynamics import make_grounds, make_r8s, make_work


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def lines(facts: R8SFacts) -> list[str]:
    return [plain(line.text) for line in text_lines(document(facts))]


def table(facts: R8SFacts, start: str) -> Table:
    return next(each for each in document(facts).tables() if each.title.startswith(start))


def test_extract_names_the_list_its_order_and_the_school() -> None:
    made = document(make_r8s())

    assert plain(made.heading) == (
        "из муниципального перечня ШНОР по результатам 2026 года: основания включения школы МБОУ «СОШ № 3»"
    )
    assert (
        "Школа: МБОУ «СОШ № 3» (ИНН 7700000017). Муниципальный перечень ШНОР по результатам 2026 года утверждён: "
        "приказ управления образования от 17.03.2026 № 412."
    ) in lines(make_r8s())


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (ListKind.FEDERAL, "федерального перечня ШНОР"),
        (ListKind.REGIONAL, "регионального перечня ШНОР"),
        (ListKind.MUNICIPAL, "муниципального перечня ШНОР"),
        (ListKind.RISK_GROUP, "перечня «Группа риска»"),
    ],
)
def test_every_kind_that_says_why_has_its_genitive(kind: ListKind, words: str) -> None:
    assert in_genitive(str(kind.label)) == words


def test_no_kind_that_says_why_is_forgotten() -> None:
    assert set(EXPLAINED) == {ListKind.FEDERAL, ListKind.REGIONAL, ListKind.MUNICIPAL, ListKind.RISK_GROUP}


def test_work_stands_against_the_threshold_with_its_file() -> None:
    made = table(make_r8s(), "Результаты процедур")

    cells = [plain(cell.bare if isinstance(cell, Figure) else cell) for cell in made.rows[0]]
    assert cells == [
        "ВПР, русский язык, 5 класс",
        "2026",
        "40",
        "12",
        "30,00",
        "12",
        "За порогом: 1 чел.; чтобы работа не была за порогом, не более 11 низких из 40",
        "18,1–45,4 %",
        "Ф3_РУ_5.xlsx, строка 14",
    ]
    assert plain(made.figures[0].source.label) == "Ф3_РУ_5.xlsx, строка 14"


@pytest.mark.parametrize(
    ("is_low", "is_counted", "tone"),
    [(True, True, CellTone.BAD), (False, True, None), (False, False, CellTone.OUT)],
)
def test_share_is_marked_by_what_it_means(is_low: bool, is_counted: bool, tone: CellTone | None) -> None:
    work = make_work(is_low=is_low, is_counted=is_counted)

    made = table(make_r8s(grounds=make_grounds(works=(work,))), "Результаты процедур")

    assert made.tones[0] == (None, None, None, None, tone, None, None, None, None)


def test_steps_reasons_and_decision_are_told() -> None:
    told = lines(make_r8s(grounds=make_grounds(missing="ОГЭ, математика", loaded=("Сергеева О. В., 02.09.2026",))))

    assert "– Выполнено: 2 процедуры за порогом: нужно не менее 2." in told
    assert "– ВПР, русский язык, 5 класс: низкий результат у 12 из 40 участников." in told
    assert "Решение координатора: Включена." in told
    assert "Нет результатов: ОГЭ, математика." in told
    assert "Результаты загружены: Сергеева О. В., 02.09.2026." in told
    assert MISTAKE in told


def test_works_around_are_counts_and_no_ground() -> None:
    made = table(make_r8s(), "Для сравнения (на вывод не влияет)")

    assert [plain(cell.bare if isinstance(cell, Figure) else cell) for cell in made.rows[0]][1:] == [
        "Округ", "100", "20", "20,00",
    ]  # fmt: skip


def test_signs_are_no_verdict() -> None:
    told = lines(make_r8s(grounds=make_grounds(signs=("ВПР, русский язык: пик на границе отметки",))))

    assert any("повод проверить работу, а не вывод о школе" in line for line in told)


@pytest.mark.parametrize(
    ("reasons", "words"),
    [
        ((), "Школа включена в перечень по документу"),
        (("Причина",), "– Причина"),
        (("Письмо — другое",), "– Письмо – другое"),
    ],
)
def test_list_without_a_calculation_tells_what_it_has(reasons: tuple[str, ...], words: str) -> None:
    told = lines(make_r8s(grounds=None, item_reasons=reasons, note="Решение комиссии."))

    assert any(line.startswith(words) for line in told)
    assert "Примечание перечня: Решение комиссии." in told


def test_school_that_left_is_told_so() -> None:
    notes = [
        block
        for block in document(make_r8s(left="исключена с 10.11.2026: приказ № 901")).blocks
        if isinstance(block, Note)
    ]

    assert len(notes) == 1


def test_stored_facts_make_the_same_document() -> None:
    facts = make_r8s()

    assert document(from_json(R8SFacts, to_json(facts))) == document(facts)
