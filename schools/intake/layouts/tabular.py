"""Tables with one work of one school in a row: the portal's template and the flat CSV share this reading."""

from collections.abc import Sequence
from typing import Final

from schools.intake.cell_reader import RowReader, sheet_notices
from schools.intake.cells import CellValue, Row, Sheet
from schools.intake.exam_checks import check_exam, scale_notices
from schools.intake.exam_scales import exam_scale
from schools.intake.headers import Column, Header, locate
from schools.intake.identifiers import gia_code_of, inn_of, login_of, without_codes
from schools.intake.layouts.level_columns import LEVEL_COLUMNS, read_levels
from schools.intake.layouts.quick_rows import LONGEST_NOTE, QuickRows, QuickWork
from schools.intake.refusals import Code, LayoutRefusal
from schools.intake.rows import (
    JOURNAL,
    MARKS,
    Counts,
    Journal,
    Problem,
    ProblemCode,
    ResultRow,
    SchoolRef,
    Severity,
    WorkKey,
    problem_at,
)
from schools.intake.subjects import SUBJECTS, find_subject
from schools.intake.values import LARGEST_SCORE, count_of, refuse, required_count, score_of, text_of
from schools.intake.vocabulary import (
    FIRST_YEAR,
    LAST_GRADE,
    LAST_YEAR,
    LEVELS,
    PERIODS,
    PROCEDURES,
    checks_previous_grade,
    default_period,
    is_retake,
)

IDENTIFIERS: Final = ("inn", "login", "gia_code", "name")
HIGH_SCORES: Final = ("high80", "score100")
EXAM_MATHEMATICS: Final = {("MA", "base"): "MAB", ("MA", "profile"): "MAP"}


def read_results(sheet: Sheet, columns: Sequence[Column]) -> tuple[list[ResultRow], list[Problem]]:
    """Return the rows of a table and the remarks on it. Raises LayoutRefusal without a header or without rows."""
    header = locate(sheet, columns)
    if not any(key in header.positions for key in IDENTIFIERS):
        raise LayoutRefusal(
            Code.COLUMN_MISSING,
            "В таблице нет столбца, по которому можно узнать школу.",
            expected="«ИНН ОО», «Код ОО» или «Наименование ОО»",
            action="Добавьте один из этих столбцов и загрузите файл ещё раз.",
        )
    rows: list[ResultRow] = []
    problems = sheet_notices(sheet, header)
    quick = quick_rows(sheet, header)
    filled = 0
    for row in sheet.after(header.row):
        if result := quick.read(row):
            rows.append(result)
            continue
        reader = RowReader(sheet, header, row)
        if not has_results(reader):
            continue
        filled += 1
        if result := result_row(reader):
            rows.append(result)
        problems += reader.problems
    if not filled and not rows:
        raise LayoutRefusal(
            Code.NO_ROWS,
            "Нет ни одной заполненной строки.",
            action="Заполните строки под заголовками и загрузите файл ещё раз.",
        )
    return rows, [*problems, *programme_notices(sheet.name, rows), *scale_notices(sheet.name, rows)]


def programme_notices(sheet: str, rows: Sequence[ResultRow]) -> list[Problem]:
    """Return a remark, once for a file, that some of its works checked the programme of the grade before."""
    moved = [row for row in rows if row.grade_actual != row.work.grade]
    if not moved:
        return []
    years = ", ".join(str(year) for year in sorted({row.work.year for row in moved}))
    what = f"осенние работы ВПР ({years}) записаны по программе предыдущего класса и сравниваются с ней."
    return [problem_at(ProblemCode.PREVIOUS_GRADE, sheet, 0, what, found=years, severity=Severity.WARNING)]


def quick_rows(sheet: Sheet, header: Header) -> QuickRows:
    """Return what reads the clean rows of a table at once. A school or a work with a remark is no clean one."""

    def school(row: Row) -> SchoolRef | None:
        reader = RowReader(sheet, header, row)
        found = school_ref(reader)
        return None if reader.problems else found

    def work(row: Row) -> QuickWork | None:
        reader = RowReader(sheet, header, row)
        found, grade = work_key(reader), reader.read("grade", grade_of)
        if reader.problems or found is None:
            return None
        has_scale = exam_scale(found.procedure, found.year, found.subject) is not None
        return QuickWork(work=found, grade_actual=grade, has_scale=has_scale)

    return QuickRows(sheet.name, header, school, work)


def has_results(reader: RowReader) -> bool:
    """Answer whether a row says anything but the school: the template comes with the schools filled in."""
    levels = (column.key for column in LEVEL_COLUMNS)
    keys = ("participants", *levels, *MARKS, *JOURNAL, "below_min", "mean_score", "procedure", "subject", "year")
    return any(reader.cell(key) is not None for key in keys)


def result_row(reader: RowReader) -> ResultRow | None:
    school = school_ref(reader)
    work = work_key(reader)
    counts = read_counts(reader)
    journal = read_journal(reader)
    note = reader.text("note")
    if reader.is_refused or work is None or counts is None:
        return None
    check_exam(reader, work, counts)
    if not parts_fit(reader, counts, journal):
        return None
    return ResultRow(
        sheet=reader.sheet.name,
        row=reader.row.number,
        school=school,
        work=work,
        counts=counts,
        journal=journal,
        grade_actual=reader.read("grade", grade_of),
        note=note[:LONGEST_NOTE],
    )


def school_ref(reader: RowReader) -> SchoolRef:
    text, name = reader.text("inn"), reader.text("name")
    inn = (inn_of(text) or "") if text else ""
    if text and not inn:
        what = f"ИНН «{text[:20]}» не существует: ожидается 10 цифр с верной контрольной."
        reader.add(ProblemCode.BAD_IDENTIFIER, what, key="inn", found=text[:20], expected="ИНН из 10 цифр")
    ref = SchoolRef(
        name=without_codes(name),
        login=login_of(reader.text("login")) or login_of(name),
        inn=inn,
        gia_code=gia_code_of(reader.text("gia_code")),
    )
    if not text and not ref.label:
        key = reader.first_of(IDENTIFIERS)
        reader.add(ProblemCode.EMPTY, "не указана школа.", key=key, expected="ИНН, код или наименование ОО")
    return ref


def work_key(reader: RowReader) -> WorkKey | None:
    """Return the work of a row, or None with remarks."""
    procedure = reader.word("procedure", PROCEDURES, "процедура: ВПР, ОГЭ, ЕГЭ, КДР, РДР, НИКО…")
    if procedure == "":
        reader.add(ProblemCode.EMPTY, "не указана процедура.", key="procedure", expected="ВПР, ОГЭ, ЕГЭ…")
    period = reader.word("period", PERIODS, "период: весна, осень, основной период, резервные дни")
    year = reader.read("year", autumn_year_of if procedure and is_of_autumn(procedure, period) else year_of)
    grade = reader.read("grade", grade_of)
    level = reader.word("level", LEVELS, "уровень: базовый, углублённый, профильный")
    subject = read_subject(reader)
    if reader.is_refused or not (procedure and year and grade and subject):
        return None
    code, own_level = subject
    period = period or default_period(procedure)
    return WorkKey(
        procedure=procedure,
        year=year,
        period=period,
        grade=grade - 1 if checks_previous_grade(procedure, year, period) else grade,
        **subject_and_level(procedure, code, level or own_level),
    )


def subject_and_level(procedure: str, subject: str, level: str) -> dict[str, str]:
    """Return subject and level; mathematics of ЕГЭ is two exams, of other works one subject with two levels."""
    if procedure == "EGE" and (exam := EXAM_MATHEMATICS.get((subject, level))):
        return {"subject": exam, "level": "none"}
    return {"subject": subject, "level": level or "none"}


def read_subject(reader: RowReader) -> tuple[str, str] | None:
    text = reader.text("subject")
    found = find_subject(text) if text else None
    if found is None:
        names = ", ".join(subject.name for subject in SUBJECTS[:4])
        what = f"предмет «{text[:40]}» не найден в справочнике." if text else "не указан предмет."
        code = ProblemCode.UNKNOWN_VALUE if text else ProblemCode.EMPTY
        reader.add(code, what, key="subject", found=text[:40], expected=f"{names}…")
        return None
    return found[0].code, found[1]


def is_of_autumn(procedure: str, period: str | None) -> bool:
    """Answer whether a work is written at the beginning of its academic year; a retake of an exam comes after it."""
    return period == "autumn" or (period == "sept" and not is_retake(procedure, period))


def autumn_year_of(value: CellValue) -> int:
    """Return the year of a work of autumn; of an academic year «2025/2026» the first one."""
    text = text_of(value)
    return year_of(text[:4] if is_academic_year(text) else value)


def is_academic_year(text: str) -> bool:
    return len(text) == 9 and text[4] in "/-–" and text[:4].isdecimal() and text[5:].isdecimal()


def year_of(value: CellValue) -> int:
    """Return the year of a work; of an academic year «2025/2026» the second one."""
    text = text_of(value)
    if is_academic_year(text):
        value = text[5:]
    year = required_count(value)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        refuse(ProblemCode.OUT_OF_RANGE, value, f"год от {FIRST_YEAR} до {LAST_YEAR}")
    return year


def grade_of(value: CellValue) -> int:
    text = text_of(value).casefold().removesuffix("класс").strip()
    grade = required_count(text if isinstance(value, str) else value)
    if not 1 <= grade <= LAST_GRADE:
        refuse(ProblemCode.OUT_OF_RANGE, value, f"класс от 1 до {LAST_GRADE}")
    return grade


def read_counts(reader: RowReader) -> Counts | None:
    participants = reader.read("participants", required_count)
    marks = [reader.read(key, count_of) for key in MARKS]
    enrolled = reader.read("enrolled", count_of)
    below_min = reader.read("below_min", count_of)
    mean_score = reader.read("mean_score", score_of)
    max_primary = reader.read("max_primary", highest_score)
    high80, score100 = (reader.read(key, count_of) for key in HIGH_SCORES)
    levels = read_levels(reader, participants, below_min)
    if reader.is_refused or participants is None:
        return None
    return Counts(
        participants=participants,
        marks=checked_marks(reader, marks, participants),
        enrolled=enrolled,
        below_min=levels.below_min,
        mean_score=mean_score,
        max_primary=max_primary,
        level_scale=levels.scale,
        level_counts=levels.counts,
        high80=high80,
        score100=score100,
    )


def highest_score(value: CellValue) -> int | None:
    return count_of(value, highest=LARGEST_SCORE)


def checked_marks(
    reader: RowReader,
    marks: Sequence[int | None],
    participants: int,
) -> tuple[int, int, int, int] | None:
    """Return the four counts, None when the file gives none; some without the others, or another sum, is a problem."""
    given = [mark for mark in marks if mark is not None]
    if not given:
        return None
    if len(given) < len(MARKS):
        what = "заполнены не все отметки. Если таких отметок нет, напишите 0."
        key = reader.first_of(empty_of(MARKS, marks))
        reader.add(ProblemCode.EMPTY, what, key=key, expected="числа в столбцах «2», «3», «4», «5»")
        return None
    if sum(given) != participants:
        what = f"сумма отметок {sum(given)}, участников {participants}. Исправьте отметки или число участников."
        reader.add(
            ProblemCode.SUM_OF_MARKS,
            what,
            key="participants",
            found=str(participants),
            expected=str(sum(given)),
        )
        return None
    two, three, four, five = given
    return two, three, four, five


def empty_of(keys: Sequence[str], values: Sequence[int | None]) -> list[str]:
    return [key for key, value in zip(keys, values, strict=True) if value is None]


def read_journal(reader: RowReader) -> Journal | None:
    counts = [reader.read(key, count_of) for key in JOURNAL]
    given = [count for count in counts if count is not None]
    if not given or reader.is_refused:
        return None
    if len(given) < len(JOURNAL):
        what = "заполнены не все столбцы «Понизили», «Подтвердили», «Повысили»."
        reader.add(ProblemCode.EMPTY, what, key=reader.first_of(empty_of(JOURNAL, counts)), expected="три числа")
        return None
    lowered, confirmed, raised = given
    return Journal(lowered=lowered, confirmed=confirmed, raised=raised)


def parts_fit(reader: RowReader, counts: Counts, journal: Journal | None) -> bool:
    """Answer whether no part is larger than its whole; a problem for every one that is."""
    participants = counts.participants
    pairs = [
        ("below_min", counts.below_min, participants, "участников"),
        ("participants", participants, counts.enrolled, "обучающихся в параллели"),
        ("lowered", journal.total if journal else None, participants, "участников"),
        ("high80", counts.high80, participants, "участников"),
        ("score100", counts.score100, participants if counts.high80 is None else counts.high80, "набравших 80 и выше"),
    ]
    for key, part, whole, of_whom in pairs:
        if part is not None and whole is not None and part > whole:
            what = f"{part} больше, чем {of_whom} ({whole}). Исправьте одно из чисел."
            expected = f"не больше {whole}"
            reader.add(ProblemCode.PART_ABOVE_WHOLE, what, key=key, found=str(part), expected=expected)
    return not reader.is_refused
