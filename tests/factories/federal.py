"""Federal files of every kind, and the files that must be refused, from a few numbers."""

import random
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from openpyxl import Workbook

from schools.intake import federal_writer as writer
from tests.factories.workbooks import make_work, saved, workbook

FIRST = "МБОУ «СОШ № 1» (edu900001)"
SECOND = "МБОУ «СОШ № 2» (edu900002)"
COUNTRY = "Вся выборка"
DISTRICT = "Светлоборский муниципальный округ (reg99_m001)"
TASKS: Mapping[str, int] = {"1": 2, "2": 1, "3.1": 1, "4К1": 3}
HISTOGRAM = (1, 0, 2, 4, 5, 3, 1)  # 16 pupils, 0 … 6 points
BORDERS = (3, 5, 6)  # lowest score of the marks 3, 4, 5 of our invented work
SIX_POINTS: dict[str, Any] = {"max_primary": 6}
SEVEN_POINTS: dict[str, Any] = {"max_primary": sum(TASKS.values())}


def scores_file(schools: Mapping[str, tuple[int, ...]], **work: Any) -> bytes:
    """Return «Распределение первичных баллов»; schools: name with login -> histogram."""
    made = make_work(**{**SIX_POINTS, **work})
    whole = tuple(100 for _ in range(made.max_primary + 1))
    lines = [writer.ScoresLine(name=COUNTRY, counts=whole, schools=35589)]
    lines += [writer.ScoresLine(name=name, counts=counts) for name, counts in schools.items()]
    return writer.scores_workbook(made, lines)


def tasks_file(schools: Mapping[str, tuple[float, ...]], *, pupils: int = 16, **work: Any) -> bytes:
    lines = [writer.TasksLine(name=COUNTRY, participants=1_000_000, percents=(70, 60.5, 50, 40), schools=35589)]
    lines += [writer.TasksLine(name=name, participants=pupils, percents=done) for name, done in schools.items()]
    return writer.tasks_workbook(make_work(**work), TASKS, lines)


def task_groups_file(
    schools: Mapping[str, Mapping[int, tuple[float, ...]]],
    *,
    pupils: int = 16,
    **work: Any,
) -> bytes:
    groups = {mark: (10.0 * mark,) * len(TASKS) for mark in (2, 3, 4, 5)}
    lines = [writer.TasksLine(name=DISTRICT, participants=400, groups=groups, schools=20)]
    lines += [writer.TasksLine(name=name, participants=pupils, groups=done) for name, done in schools.items()]
    return writer.task_groups_workbook(make_work(**work), TASKS, lines)


def outcomes_file(schools: Sequence[str], **work: Any) -> bytes:
    samples = {"Заозёрская область": 5000, DISTRICT: 400, **dict.fromkeys(schools, 16), "РФ": 1_000_000}
    percents = tuple(50.0 + step for step in range(len(samples)))
    lines = [
        writer.OutcomeLine(text="Орфография"),
        writer.OutcomeLine(text="Умение списывать текст", maximum=4, percents=percents),
        writer.OutcomeLine(text="Умение находить главные члены", maximum=2, percents=percents),
    ]
    return writer.outcomes_workbook(make_work(**work), samples, lines)


def make_pupils(count: int, *, seed: int = 1, first_code: int = 40001) -> list[writer.PupilLine]:
    """Return invented participants whose marks follow `BORDERS`; about a tenth has no mark in the journal."""
    rng = random.Random(seed)
    pupils = []
    for number in range(count):
        points = tuple(rng.choice([None, *range(most + 1)]) for most in TASKS.values())
        total = sum(point or 0 for point in points)
        mark = 2 + sum(total >= border for border in BORDERS)
        journal = None if rng.random() < 0.1 else min(5, max(2, mark + rng.choice([-1, 0, 0, 1])))
        pupils.append(writer.PupilLine(code=str(first_code + number), points=points, mark=mark, journal=journal))
    return pupils


def pupils_file(schools: Mapping[str, Sequence[writer.PupilLine]], **work: Any) -> bytes:
    return writer.pupils_workbook(make_work(**{**SEVEN_POINTS, **work}), TASKS, schools)


def sums_of(pupils: Sequence[writer.PupilLine]) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
    """Return marks 2…5, histogram, and lowered, confirmed, raised of participants, counted another way."""
    marks = Counter(pupil.mark for pupil in pupils)
    scores = Counter(sum(point or 0 for point in pupil.points) for pupil in pupils)
    known = [(pupil.mark, pupil.journal) for pupil in pupils if pupil.journal is not None]
    journal = (sum(m < j for m, j in known), sum(m == j for m, j in known), sum(m > j for m, j in known))
    most = sum(TASKS.values())
    return tuple(marks[mark] for mark in (2, 3, 4, 5)), tuple(scores[score] for score in range(most + 1)), journal


def journal_blocks_file(schools: Mapping[str, tuple[int, int, int]], **work: Any) -> bytes:
    lines = [
        writer.JournalLine(name=name, lowered=down, confirmed=same, raised=up)
        for name, (down, same, up) in schools.items()
    ]
    return writer.journal_blocks_workbook(make_work(**work), lines)


# Files that must be refused

PROTOCOL_HEADER = (
    "№",
    "Код МСУ",
    "Код ОО",
    "Класс",
    "Код ППЭ",
    "Аудитория",
    "Фамилия",
    "Имя",
    "Отчество",
    "Серия",
    "Номер",
    "Задания с кратким ответом",
    "Задания с развёрнутым ответом",
    "Первичный балл",
    "Оценка",
)
PUPIL = ("Примерова", "Фёкла", "Ардальоновна", "99 77", "997700")  # nobody
PROTOCOL_ROW = (1, "031", "001003", "9А", "0012", "5", *PUPIL, "+-", "2", 21, 4)


def standing_in(text: str, secrets: Iterable[str]) -> list[str]:
    """Return the secrets that stand in a text as words: digits inside a key, a hash or a moment are chance."""
    return [secret for secret in secrets if re.search(rf"(?<![0-9A-Za-z]){re.escape(secret)}(?![0-9A-Za-z])", text)]


def protocol_dense() -> bytes:
    return workbook([("01 - Русский язык 2026.06.05",), (), PROTOCOL_HEADER, PROTOCOL_ROW])


def protocol_sparse() -> bytes:
    """Return a protocol whose columns stand apart, joined with the empty ones beside them."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet["A1"] = "01 - Русский язык 2026.06.05"
    rows: dict[int, tuple[Any, ...]] = {4: PROTOCOL_HEADER, 5: PROTOCOL_ROW}
    for number, row in rows.items():
        for position, value in enumerate(row):
            sheet.cell(row=number, column=3 * position + 1).value = value
            sheet.merge_cells(
                start_row=number, end_row=number, start_column=3 * position + 1, end_column=3 * position + 2
            )
    return saved(book)


def protocol_csv() -> bytes:
    head = "SchoolCode;SurnameCell;NameCell;SecondNameCell;DocumentSeries;DocumentNumber;PrimaryMark;Mark5"
    return f"\ufeff{head}\r\n001003;{';'.join(PUPIL)};21;4\r\n".encode()


def collection_form(*, code: str = "") -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Протокол"
    sheet.append(["Код участника", "Вариант", "1 (2б)", "2 (1б)", "Порядковый номер класса", "Итого баллов"])
    if code:
        sheet.append([code, 1, 2, 1, 1, 3])
    book.create_sheet("Служебный")
    book.create_sheet("Порядковый номер класса")
    return saved(book)
