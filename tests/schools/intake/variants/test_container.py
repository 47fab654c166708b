"""A1 to A22: the file as a container. Each is refused on the page with its code, and nothing of it is kept."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.choices import AuditCode, Outcome
from accounts.models import AuditEvent
from schools.choices import FileState
from schools.intake.refusals import Code
from schools.models import ImportFile
from tests.factories.imports import AT, ImportGround
from tests.factories.workbooks import results_workbook
from tests.schools.intake import hostile
from tests.schools.intake.variants.cases import (
    Case,
    assert_refused,
    assert_rows,
    covers,
    missing,
    run_jobs,
    text_of,
    upload,
    variants,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("near_child")]
MEBIBYTE = 1024 * 1024


def made(number: str, name: str, code: Code, *says: str) -> Case:
    return Case(id=number, build=lambda: hostile.made(name), code=code, says=says)


SAVE_AS = "сохраните как «Книга Excel (.xlsx)»"
NO_WORKBOOK = "Это не книга Excel."
SWOLLEN = "Слишком большой объём данных после распаковки."
CASES = (
    made("A1", "empty", Code.EMPTY, "Файл пустой (0 байт).", "Выберите заполненный файл .xlsx."),
    made("A2", "text", Code.NOT_WORKBOOK, NO_WORKBOOK, "Найдено: текст", ".csv или архив .zip", SAVE_AS),
    made("A2 zip", "empty archive", Code.ARCHIVE, "Архив пустой", ".csv или архив .zip", "Положите в архив"),
    made("A2 zip folders", "archive of folders", Code.ARCHIVE, "Архив пустой", "Положите в архив"),
    Case(
        id="A2 csv",
        build=lambda: "Код;Имя\n1;Школа\n".encode("cp1251"),
        code=Code.UNKNOWN_LAYOUT,
        says=("Вид файла не распознан.", "первая строка «К…», «И…»", "скачайте шаблон портала"),
    ),
    made("A3", "html", Code.HTML, "Это веб-страница с расширением .xlsx", SAVE_AS),
    made("A4", "old xls", Code.OLD_XLS, "Это старый формат Excel 97–2003 (.xls).", SAVE_AS),
    made("A5", "password", Code.PASSWORD, "Файл защищён паролем.", "Снимите защиту в Excel"),
    made("A6", "truncated", Code.DAMAGED, "Файл повреждён или загружен не полностью.", "загрузите ещё раз"),
    made("A7", "garbage after", Code.EXTRA_BYTES, "Файл повреждён", "посторонние данные после конца файла"),
    made("A8", "garbage before", Code.EXTRA_BYTES, "Файл повреждён", "посторонние данные перед началом файла"),
    made("A9", "encrypted zip", Code.ENCRYPTED_ZIP, "Архив зашифрован.", "Снимите защиту"),
    made("A10", "bad checksum", Code.DAMAGED, "Файл повреждён", "Скачайте или сохраните файл заново"),
    made("A10 size", "lying size", Code.DAMAGED, "Файл повреждён", "Скачайте или сохраните файл заново"),
    made("A11", "bomb in the sheet", Code.TOO_BIG_UNPACKED, SWOLLEN, "не больше 64 МБ", "Скопируйте таблицу"),
    made("A12", "bomb in a picture", Code.TOO_BIG_UNPACKED, SWOLLEN, "не больше 64 МБ"),
    made("A13", "too many parts", Code.TOO_MANY_PARTS, "слишком много частей", "Ожидается: не больше 200"),
    made("A14", "repeated part", Code.REPEATED_PARTS, "Файл повреждён: повторяющиеся части."),
    made("A15", "traversal", Code.BAD_PART_NAME, "части с недопустимыми именами", "Сохраните таблицу в новую книгу"),
    made("A16", "macros", Code.MACROS, "Файл содержит макросы.", "без макросов"),
    made("A16 type", "macro type", Code.MACROS, "Файл содержит макросы.", "без макросов"),
    made(
        "A17", "template xltx", Code.OTHER_WORKBOOK_KIND, "Неподдерживаемый вид книги.", "шаблон книги (.xltx)", SAVE_AS
    ),
    made("A17 xlsb", "binary xlsb", Code.OTHER_WORKBOOK_KIND, "Неподдерживаемый вид книги.", "двоичная книга (.xlsb)"),
    made("A18 docx", "docx", Code.OTHER_DOCUMENT, NO_WORKBOOK, "Найдено: документ Word."),
    made("A18 ods", "ods", Code.OTHER_DOCUMENT, NO_WORKBOOK, "Найдено: документ OpenDocument (.ods, .odt)."),
    made("A19", "external link", Code.EXTERNAL_LINKS, "есть ссылки на другие файлы", "разорвите связи"),
    made("A19 object", "embedded object", Code.EXTERNAL_LINKS, "вложенные объекты", "удалите вложенные объекты"),
    Case(
        id="A20",
        build=lambda: bytes(15 * MEBIBYTE),
        code=Code.TOO_BIG,
        says=("Файл больше 5 МБ.", "Найдено: 15,0 МБ.", "разделите файл на части"),
    ),
)


@variants(*CASES)
def test_container_is_refused_on_the_page_and_nothing_is_kept(case: Case, browser: Client) -> None:
    assert_refused(browser, case)


@pytest.mark.parametrize("name", ["traversal", "bomb in the sheet", "external entity", "macros"])
def test_refusal_that_may_be_an_attack_is_in_the_audit_trail(name: str, browser: Client) -> None:
    file = upload(browser, hostile.made(name)).files.get()

    event = AuditEvent.objects.get(code=AuditCode.UPLOAD_RECEIVED, outcome=Outcome.REFUSED)
    assert (event.meta["reason"], event.object_id) == (file.refusal_code, str(file.pk))


@covers("A18 zip")
def test_archive_named_as_a_workbook_is_taken_apart(browser: Client) -> None:
    """The portal takes archives, whatever they are called: the workbook inside is judged alone."""
    file = upload(browser, hostile.made("zip of workbooks"), "а.xlsx").files.get()

    assert (file.name, file.refusal_code) == ("a.xlsx", Code.UNKNOWN_LAYOUT)


# Names


HOSTILE_NAMES = {
    "long": ("я" * 300 + ".xlsx", "я" * 250 + ".xlsx"),
    "windows path": (r"..\..\boot\Ф3.xlsx", "Ф3.xlsx"),
    "absolute": ("/etc/Ф3.xlsx", "Ф3.xlsx"),
    "right to left": ("Ф3\u202exslx.exe", "Ф3xslx.exe"),
    "no extension": ("Ф3", "Ф3"),
    "nothing but dots": ("...", "файл"),
    "NUL": ("Ф\x003.xlsx", "Ф3.xlsx"),
}


def post_named(browser: Client, name: str, data: bytes) -> Any:
    """Send a file under a name that no browser would send."""
    head = f'--x\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'.encode()
    body = head + data + b"\r\n--x--\r\n"
    return browser.generic("POST", "/imports/upload/", body, content_type="multipart/form-data; boundary=x")


@covers(*(f"A21 {word}" for word in HOSTILE_NAMES))
def test_name_of_a_file_is_harmless_and_does_not_matter(variant: str, browser: Client) -> None:
    sent, kept = HOSTILE_NAMES[variant.removeprefix("A21 ")]
    data = results_workbook({})

    response = post_named(browser, sent, data)
    run_jobs()

    assert response.status_code == 302
    file = ImportFile.objects.get()
    assert (file.name, file.state) == (kept, FileState.RECOGNISED)
    assert re.fullmatch(r"[\w/-]+", str(file.content.name))
    given_back: Any = browser.get(f"/imports/files/{file.pk}/")
    assert b"".join(given_back.streaming_content) == data


# The same file again


@covers("A22")
def test_same_file_is_recognised_with_the_time_of_the_first(ground: ImportGround, browser: Client) -> None:
    data = results_workbook({})
    ground.applied({"первый.xlsx": data}, at=AT - timedelta(days=365))

    batch = upload(browser, data, "второй.xlsx")

    file = batch.files.get()
    assert (file.refusal_code, ground.result(ground.first).participants) == (Code.DUPLICATE_FILE, 38)
    assert missing(("Этот файл уже загружен 12.09.2025 в 10:15.", "отмените ту загрузку"), file.refusal) == []
    assert "Этот файл уже загружен" in text_of(browser.get(batch.get_absolute_url()))


@covers("A22 twice")
def test_same_file_twice_in_one_upload_is_taken_once(browser: Client) -> None:
    data = results_workbook({})

    browser.post("/imports/upload/", {"files": [SimpleUploadedFile(name, data) for name in ("а.xlsx", "б.xlsx")]})
    run_jobs()

    assert [(file.name, file.refusal) for file in ImportFile.objects.order_by("name")] == [
        ("а.xlsx", ""),
        ("б.xlsx", "Этот файл выбран дважды: первый — «а.xlsx»."),
    ]


@covers("A2 results")
def test_table_of_results_saved_as_text_is_read_whatever_its_extension(browser: Client) -> None:
    text = "inn;login;year;procedure;subject;grade;participants;mark2;mark3;mark4;mark5\n"
    row = ";edu900001;2026;VPR;RU;4;38;1;2;30;5\n"

    assert_rows(browser, Case(id="A2", build=(text + row).encode, rows=1))
