"""The table «школа → кластер» as a region pastes it: everything wrong is named by its row."""

import pytest

from accounts.russian import NBSP
from schools.cluster_table import EMPTY, ONE_COLUMN, lines_of_book, table_of
from schools.intake.cells import BadCell, Book, Row, Sheet
from schools.intake.refusals import LayoutRefusal
from schools.list_rows import ROWS
from schools.models import School, Territory
from tests.factories.schools import make_inn, make_school, make_territory

pytestmark = pytest.mark.django_db


@pytest.fixture
def territory() -> Territory:
    return make_territory()


@pytest.fixture
def fifth(territory: Territory) -> School:
    return make_school(territory=territory, name="МБОУ «СОШ № 5»", gia_code="0105")


@pytest.fixture
def lyceum(territory: Territory) -> School:
    return make_school(territory=territory, name="МБОУ «Лицей»", gia_code="0207")


# What is wrong is told first


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param("", EMPTY, id="nothing"),
        pytest.param(" \n\t\n", EMPTY, id="blanks"),
        pytest.param("Школа\tКластер", EMPTY, id="head alone"),
        pytest.param("СОШ № 5\nЛицей", ONE_COLUMN, id="one column"),
        pytest.param("СОШ № 5;А\n" * (ROWS + 1), "Строк больше 5000.", id="endless"),
        pytest.param(
            "СОШ № 5\tА\nЛицей\t",
            f"Не указан кластер: 1{NBSP}строка — 2 («Лицей»). Впишите его или уберите строку.",
            id="none",
        ),
        pytest.param("СОШ № 5\t#Н/Д", f"Вместо кластера ошибка формулы: 1{NBSP}строка — 1 («СОШ № 5»).", id="formula"),
        pytest.param(f"СОШ № 5\t{'я' * 61}", f"Кластер длиннее 60 знаков: 1{NBSP}строка — 1", id="long"),
        pytest.param(
            "СОШ № 5\tА\n\nЛицей\tA",
            "Кластеры «А» (строка 1) и «A» (строка 3) различаются только регистром или латинскими буквами.",
            id="latin letter",
        ),
        pytest.param(
            "СОШ № 5;А\nЛицей;Б\nСОШ № 5;Б", "МБОУ «СОШ № 5» названа в строках 1, 3. Оставьте одну.", id="school twice"
        ),
        pytest.param(
            "СОШ № 5\tА\n\tБ\n \tВ",
            "Не названа школа: в строках 2, 3. Впишите её или уберите строку.",
            id="no school",
        ),
        pytest.param("\tА", "Не названа школа: в строке 1.", id="nothing but a cluster"),
        pytest.param("Лицей № 0\tА", None, id="unknown is told apart"),
    ],
)
@pytest.mark.usefixtures("fifth", "lyceum")
def test_wrong_table_is_told_by_its_rows(territory: Territory, text: str, problem: str | None) -> None:
    problems = table_of(text, territory).problems

    assert [each[: len(problem or "")] for each in problems] == ([problem] if problem else [])


def test_name_that_two_schools_bear_asks_for_an_inn(territory: Territory) -> None:
    region = territory.parent
    assert region
    for place in (territory, make_territory(parent=region)):
        make_school(territory=place, name="МБОУ «СОШ № 1»")

    assert table_of("СОШ № 1\tА", region).problems == (
        f"Подходит несколько школ: 1{NBSP}строка — 1 («СОШ № 1»). Добавьте или проверьте ИНН.",
    )


@pytest.mark.usefixtures("fifth")
def test_inn_of_another_school_than_the_login_is_told(territory: Territory) -> None:
    school = make_school(territory=territory, login="edu800100")

    table = table_of(f"edu800100\t{make_inn(99_999)}\tА\n", territory)

    assert (school.pk in table.members, len(table.problems)) == (False, 1)
    assert table.problems[0].startswith("ИНН не тот, что у школы с этим логином или кодом")


def test_unknown_schools_are_named_with_their_rows(territory: Territory, fifth: School) -> None:
    table = table_of(f"Школа;Кластер\n{fifth.name};А\nЗаречная школа;Б\n1234567;Б", territory)

    assert table.members == {fifth.pk: "А"}
    assert (table.problems, table.unknown) == ((), {3: "Заречная школа", 4: "1234567"})


def test_row_without_a_school_is_none_that_could_be_left_out(territory: Territory, fifth: School) -> None:
    table = table_of("СОШ № 5;А\n;Б\nСОШ № 77;В", territory)

    assert (table.members, dict(table.unknown)) == ({fifth.pk: "А"}, {3: "СОШ № 77"})


def test_many_rows_are_told_by_the_first_ones(territory: Territory, fifth: School) -> None:
    problems = table_of("\n".join(f"{fifth.name};{number}" for number in range(12)), territory).problems
    several = table_of("\n".join(f"{fifth.name};" for _ in range(12)) + "\nКто-то;А", territory).problems

    assert "в строках 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 и ещё 2." in problems[0]
    assert several[0].startswith(f"Не указан кластер: 12{NBSP}строк — 1 («МБОУ «СОШ № 5»»)")
    assert several[0].endswith("и ещё 2. Впишите его или уберите строку.")


def test_many_doubled_schools_are_counted(territory: Territory) -> None:
    names = [make_school(territory=territory).name for _ in range(11)]

    problems = table_of("\n".join(f"{name};А" for name in names * 2), territory).problems

    assert (len(problems), problems[-1]) == (11, "И ещё школ, названных не один раз: 1.")


# What is right


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("МБОУ «СОШ № 5»\tА\nМБОУ «Лицей»\tБ", id="names"),
        pytest.param("№;Школа;Кластер\n1;СОШ № 5;А\n2;Лицей;Б", id="numbered, with a head"),
        pytest.param("Наименование ОО;Кластер;Примечание\nСОШ № 5;А;\nЛицей;Б;сменил вид", id="cluster in the middle"),
        pytest.param("Код ОО;Номер кластера\n0105;А\n0207;Б", id="codes"),
        pytest.param("1;0105; А \n\n2;0207;Б", id="codes with numbers of rows"),
    ],
)
def test_cluster_is_read_beside_its_school(territory: Territory, fifth: School, lyceum: School, text: str) -> None:
    table = table_of(text, territory)

    assert (table.members, table.problems, table.unknown) == ({fifth.pk: "А", lyceum.pk: "Б"}, (), {})


def test_lines_of_a_book_are_its_rows(territory: Territory, fifth: School, lyceum: School) -> None:
    rows = (
        Row(2, ("Школа", "ИНН", "Кластер")),
        Row(4, ("СОШ;\n№ 5", float(fifth.inn), 1.0)),
        Row(5, (lyceum.name, None, BadCell("#Н/Д", "ошибка"))),
    )
    text = lines_of_book(Book(sheets=(Sheet(name="", rows=rows),)))

    assert text.split("\n") == ["", "Школа\tИНН\tКластер", "", f"СОШ, № 5\t{fifth.inn}\t1", f"{lyceum.name}\t\t#Н/Д"]
    assert "строка — 5 («МБОУ «Лицей»»)" in table_of(text, territory).problems[0]


def test_book_on_persons_is_refused() -> None:
    book = Book(sheets=(Sheet(name="", rows=(Row(1, ("Фамилия", "Имя", "Кластер")), Row(2, ("Иванов", "Пётр", "А")))),))

    with pytest.raises(LayoutRefusal):
        lines_of_book(book)
