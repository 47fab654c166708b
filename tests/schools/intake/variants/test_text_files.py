"""E1 to E4: tables saved as text."""

import pytest
from django.test import Client

from schools.intake.refusals import Code
from tests.factories.imports import ImportGround
from tests.schools.intake.variants.cases import Case, assert_refused, assert_rows, covers, upload, variants

pytestmark = pytest.mark.django_db
HEADER = "login;Школа;year;procedure;subject;grade;participants;mark2;mark3;mark4;mark5;mean_score"
LINE = "edu900001;СОШ № 1;2026;VPR;RU;4;38;1;2;30;5;4,5"
TABLE = f"{HEADER}\n{LINE}\n".replace("Школа", "name")
AGAIN = "загрузите файл ещё раз"


def text_file(number: str, text: str | bytes, *, encoding: str = "utf-8", rows: int = 1) -> Case:
    data = text if isinstance(text, bytes) else text.encode(encoding)
    return Case(id=number, build=lambda: data, rows=rows, name="результаты.csv")


def refused_file(number: str, data: bytes, code: Code, *says: str) -> Case:
    return Case(id=number, build=lambda: data, code=code, says=says, name="результаты.csv")


def delimited(sign: str) -> str:
    """Return the table with another delimiter; a decimal comma goes into quotes where commas divide."""
    return TABLE.replace("4,5", '"4,5"' if sign == "," else "4,5").replace(";", sign)


TAKEN = (
    text_file("E1", TABLE.replace("№ ", ""), encoding="cp1251"),
    text_file("E1 mark", TABLE, encoding="utf-8-sig"),
    text_file("E1 UTF-16", TABLE, encoding="utf-16"),
    text_file("E1 DOS", TABLE.replace("№ ", ""), encoding="cp866"),
    text_file("E2", delimited(";")),
    text_file("E2 comma", delimited(",")),
    text_file("E2 tab", delimited("\t")),
    text_file("E2 declared", "sep=;\n" + TABLE),
    text_file("E2 title", "Отчёт, весна, 2026\n" + TABLE),
    text_file("E3 line break", TABLE.replace("СОШ № 1", '"СОШ\n№ 1"')),
)


@variants(*TAKEN)
def test_table_is_read_in_every_usual_spelling(case: Case, browser: Client) -> None:
    file = assert_rows(browser, case)

    [row] = file.rows.all()
    assert row.after is not None
    assert row.after["mean_score"] == "4.50"
    assert row.label.startswith("СОШ")
    assert file.problems == []


REFUSED = (
    refused_file(
        "E1 none",
        HEADER.encode() + b"\nedu900001;\xd0\xd0\xd0\x98\x98;2026;VPR;RU;4;38;1;2;30;5;4,5\n",
        Code.ENCODING,
        "Не удалось определить кодировку файла.",
        "Ожидается: CSV в кодировке UTF-8.",
        "«Сохранить как» → «CSV UTF-8»",
    ),
    refused_file(
        "E3",
        TABLE.replace("СОШ № 1", '"СОШ № 1').encode(),
        Code.CSV_BROKEN,
        "Строка 2: незакрытая кавычка.",
        "Исправьте строку",
        AGAIN,
    ),
    refused_file(
        "E3 inner quote",
        TABLE.replace("СОШ № 1", '"СОШ" № 1').encode(),
        Code.CSV_BROKEN,
        "Строка 2: лишняя кавычка внутри текста.",
        "Кавычка внутри текста пишется дважды.",
    ),
    refused_file(
        "E3 NUL",
        TABLE.replace("СОШ № 1", "СОШ \x00").encode(),
        Code.CSV_BROKEN,
        "Строка 2: недопустимые символы.",
        AGAIN,
    ),
    refused_file(
        "E4",
        f"{HEADER}\n{'x' * 100_000}\n".encode(),
        Code.CSV_BROKEN,
        "Строка 2: строка длиннее 64 КБ.",
        AGAIN,
    ),
    refused_file("E4 50 MB", b"x;" * (25 * 1024 * 1024), Code.TOO_BIG, "Файл больше 5 МБ.", "разделите файл на части"),
)


@variants(*REFUSED)
def test_table_that_cannot_be_read_is_refused_with_the_line(case: Case, browser: Client) -> None:
    assert_refused(browser, case)


@covers("E1 preview")
def test_preview_shows_russian_words_and_no_mojibake(ground: ImportGround, browser: Client) -> None:
    """Match by the name alone: were it misread, the school would not be found."""
    text = TABLE.replace("edu900001;СОШ № 1", f";{ground.first.name}").replace("№ ", "N ")
    ground.first.name = ground.first.name.replace("№ ", "N ")
    ground.first.save()

    batch = upload(browser, text.encode("cp1251"), "результаты.csv")

    assert ground.first.name in browser.get(batch.get_absolute_url()).content.decode()
    assert batch.files.get().rows.get().school == ground.first
