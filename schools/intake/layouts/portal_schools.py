"""The registry of schools: the portal's template or a CSV with the same columns in English."""

from typing import Final

from schools.intake.cell_reader import RowReader, sheet_notices
from schools.intake.cells import Book
from schools.intake.headers import Column, locate, normalised
from schools.intake.identifiers import gia_code_of, inn_of, is_ogrn, login_of
from schools.intake.layouts.base import Layout, own_sheet, table_affinity
from schools.intake.refusals import Code, LayoutRefusal
from schools.intake.rows import ParsedFile, ProblemCode, SchoolRow, TerritoryRef
from schools.intake.template_meta import REGISTRY, form_of, read_meta
from schools.intake.values import count_of, day_of

SHEET: Final = "Школы"
VERSION: Final = 2
COLUMNS: Final = (
    Column(key="inn", title="ИНН", synonyms=("inn", "ИНН ОО")),
    Column(key="ogrn", title="ОГРН", synonyms=("ogrn",), is_required=False),
    Column(key="login", title="Логин ФИС ОКО", synonyms=("login", "Логин"), is_required=False),
    Column(key="gia_code", title="Код ОО", synonyms=("gia_code", "Код ОО в ГИА"), is_required=False),
    Column(key="name", title="Краткое наименование", synonyms=("name", "Наименование ОО", "Наименование", "Школа")),
    Column(key="kind", title="Вид", synonyms=("kind", "Тип", "Вид ОО")),
    Column(key="locality", title="Населённый пункт", synonyms=("locality", "Местность")),
    Column(key="municipality_code", title="Код муниципалитета", synonyms=("municipality_code",)),
    Column(key="municipality", title="Муниципалитет", synonyms=("municipality",)),
    Column(key="students", title="Обучающихся", synonyms=("students", "Количество обучающихся"), is_required=False),
    Column(key="valid_from", title="Действует с", synonyms=("valid_from", "Дата начала"), is_required=False),
)
KIND_WORDS: Final = {
    "НОШ": ("НОШ", "начальная школа"),
    "ООШ": ("ООШ", "основная школа"),
    "СОШ": ("СОШ", "средняя школа"),
    "гимназия": ("гимназия",),
    "лицей": ("лицей",),
    "школа-интернат": ("школа-интернат", "интернат"),
    "О(С)ОШ": ("О(С)ОШ", "ОСОШ", "вечерняя школа", "открытая (сменная) школа"),
    "кадетская": ("кадетская", "кадетская школа"),
    "центр образования": ("центр образования",),
    "коррекционная": ("коррекционная", "коррекционная школа", "специальная школа", "специальная (коррекционная) школа"),
    "при ИУ": ("при ИУ", "школа при ИУ", "школа при исправительном учреждении"),
    "частная": ("частная", "частная школа"),
    "филиал": ("филиал",),
}
KINDS: Final = {normalised(word): kind for kind, words in KIND_WORDS.items() for word in words}
LOCALITIES: Final = {
    "город": "город",
    "пгт": "пгт",
    "поселок городского типа": "пгт",
    "село": "село",
    "деревня": "село",
    "поселок": "село",
}
LONGEST_NAME: Final = 200


def affinity(book: Book) -> float:
    if form := form_of(book):
        return float(form == REGISTRY)
    return table_affinity(book, SHEET, COLUMNS)


def parse(book: Book) -> ParsedFile:
    meta = read_meta(book, REGISTRY, VERSION)
    sheet = own_sheet(book, SHEET, COLUMNS)
    header = locate(sheet, COLUMNS)
    problems = sheet_notices(sheet, header)
    schools: list[SchoolRow] = []
    seen: dict[str, int] = {}
    for row in sheet.after(header.row):
        reader = RowReader(sheet, header, row)
        school = school_row(reader)
        schools += [school] if school and is_first(reader, school, seen) else []
        problems += reader.problems
    if not schools and not problems:
        raise LayoutRefusal(
            Code.NO_ROWS,
            "Нет ни одной заполненной строки.",
            action="Заполните строки под заголовками и загрузите файл ещё раз.",
        )
    return ParsedFile(
        layout="portal_schools",
        title="Реестр школ",
        schools=tuple(schools),
        problems=tuple(problems),
        meta=meta.as_json() if meta else {},
    )


def is_first(reader: RowReader, school: SchoolRow, seen: dict[str, int]) -> bool:
    """Answer whether no row above is about the same school. seen: ИНН -> its first row."""
    first = seen.setdefault(school.inn, school.row)
    if first == school.row:
        return True
    what = f"школа с ИНН {school.inn} уже есть в строке {first}."
    reader.add(ProblemCode.REPEATED_ROW, what, key="inn", found=school.inn)
    return False


def school_row(reader: RowReader) -> SchoolRow | None:
    """Return one school, or None with remarks."""
    inn = read_inn(reader)
    name = required_text(reader, "name")[:LONGEST_NAME]
    kind = reader.word("kind", KINDS, "вид школы: СОШ, ООШ, НОШ, гимназия, лицей…")
    locality = reader.word("locality", LOCALITIES, "город, пгт или село")
    territory = TerritoryRef(
        code=required_text(reader, "municipality_code").casefold(),
        name=required_text(reader, "municipality")[:LONGEST_NAME],
    )
    students = reader.read("students", count_of)
    ogrn, login, valid_from = read_ogrn(reader), read_login(reader), read_since(reader)
    for key, word in (("kind", kind), ("locality", locality)):
        if word == "":
            reader.add(ProblemCode.EMPTY, "не заполнено.", key=key)
    if reader.is_refused or not (inn and kind and locality):
        return None
    return SchoolRow(
        sheet=reader.sheet.name,
        row=reader.row.number,
        inn=inn,
        name=name,
        kind=kind,
        locality=locality,
        territory=territory,
        ogrn=ogrn,
        login=login,
        gia_code=gia_code_of(reader.text("gia_code"))[:6],
        students=students,
        valid_from=valid_from,
    )


def read_inn(reader: RowReader) -> str:
    text = reader.text("inn")
    inn = inn_of(text) if text else None
    if inn is None:
        what = f"ИНН «{text[:20]}» не существует: ожидается 10 цифр с верной контрольной." if text else "не указан ИНН."
        code = ProblemCode.BAD_IDENTIFIER if text else ProblemCode.EMPTY
        reader.add(code, what, key="inn", found=text[:20], expected="ИНН из 10 цифр")
    return inn or ""


def read_ogrn(reader: RowReader) -> str:
    text = reader.text("ogrn")
    if text and not is_ogrn(text):
        what = f"ОГРН «{text[:20]}» не существует: ожидается 13 цифр с верной контрольной."
        reader.add(ProblemCode.BAD_IDENTIFIER, what, key="ogrn", found=text[:20], expected="ОГРН из 13 цифр")
    return text


def read_login(reader: RowReader) -> str:
    text = reader.text("login")
    login = login_of(text)
    if text and not login:
        what = f"логин «{text[:20]}» не похож на логин школы в федеральной системе."
        reader.add(ProblemCode.BAD_IDENTIFIER, what, key="login", found=text[:20], expected="edu и 6 цифр")
    return login


def read_since(reader: RowReader) -> str:
    """Return the day from which a row holds as an ISO date; an empty cell means the day of the import."""
    day = reader.read("valid_from", day_of)
    return day.isoformat() if day else ""


def required_text(reader: RowReader, key: str) -> str:
    text = reader.text(key)
    if not text:
        reader.add(ProblemCode.EMPTY, "не заполнено.", key=key)
    return text


LAYOUT: Final = Layout(
    code="portal_schools",
    title="Реестр школ",
    hint="лист «Школы» шаблона портала или CSV со столбцами inn, name, kind, municipality_code",
    affinity=affinity,
    parse=parse,
)
