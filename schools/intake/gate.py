"""The first look at an uploaded file, at its bytes only: nothing is unpacked but the heads of its parts.

A workbook that Excel, LibreOffice or the federal system wrote passes.
Source: reliability requirements, bad inputs, container.
"""

import io
import re
import struct
import zipfile
from pathlib import PurePosixPath
from typing import Final

from schools.intake.cleaning import clean_text
from schools.intake.limits import DEFAULT_LIMITS, MEBIBYTE, Limits
from schools.intake.refusals import Code, GateRefusal
from schools.intake.signatures import Foreign, foreign_kind

ZIP_MAGIC: Final = b"PK\x03\x04"
OLE_MAGIC: Final = bytes.fromhex("D0CF11E0A1B11AE1")
END_OF_ARCHIVE: Final = b"PK\x05\x06"
END_LENGTH: Final = 22
HEAD_BYTES: Final = 4096
CONTENT_TYPES: Final = "[Content_Types].xml"
WORKBOOK_PART: Final = "xl/workbook.xml"
MAIN_TYPE: Final = b"spreadsheetml.sheet.main+xml"
ACCEPTED: Final = "книга Excel (.xlsx), таблица .csv или архив .zip с ними"
SAVE_AS: Final = "Откройте файл в Excel и сохраните как «Книга Excel (.xlsx)»."
SEND_AGAIN: Final = "Скачайте или сохраните файл заново и загрузите ещё раз."
FILES_NAMED: Final = 3
NAME_SHOWN: Final = 60  # letters of a name
UNSAFE_NAME: Final = re.compile(r"(^|[/\\])\.\.([/\\]|$)|^[/\\]|^[A-Za-z]:|\x00")


def check(data: bytes, limits: Limits = DEFAULT_LIMITS) -> None:
    """Raise GateRefusal unless the bytes look like an ordinary XLSX workbook within the limits."""
    check_size(data, limits)
    check_magic(data)
    check_ends(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            check_members(archive, limits)
            check_kind(archive)
            check_heads(archive)
    except GateRefusal:
        raise
    except Exception as error:  # zipfile raises many unrelated types on damaged archives
        raise damaged() from error


def damaged(found: str = "") -> GateRefusal:
    return GateRefusal(
        Code.DAMAGED,
        "Файл повреждён или загружен не полностью.",
        found=found,
        action=SEND_AGAIN,
    )


def check_size(data: bytes, limits: Limits) -> None:
    if not data:
        raise GateRefusal(Code.EMPTY, "Файл пустой (0 байт).", action="Выберите заполненный файл .xlsx.")
    if len(data) > limits.file_bytes:
        limit = limits.file_bytes // MEBIBYTE
        raise GateRefusal(
            Code.TOO_BIG,
            f"Файл больше {limit} МБ.",
            found=f"{len(data) / MEBIBYTE:.1f} МБ".replace(".", ","),
            action="Удалите лишние листы и рисунки или разделите файл на части.",
        )


def empty_archive() -> GateRefusal:
    return GateRefusal(
        Code.ARCHIVE,
        "Архив пустой: в нём нет ни одного файла.",
        expected=ACCEPTED,
        action="Положите в архив файлы с данными и загрузите его ещё раз.",
    )


def check_magic(data: bytes) -> None:
    if data.startswith(OLE_MAGIC):
        raise ole_refusal(data)
    if data.startswith(ZIP_MAGIC):
        return
    if data.startswith(END_OF_ARCHIVE):
        raise empty_archive()
    if looks_like_html(data):
        raise GateRefusal(Code.HTML, "Это веб-страница с расширением .xlsx, а не книга Excel.", action=SAVE_AS)
    if ZIP_MAGIC in data[: 64 * 1024]:
        raise extra_bytes("посторонние данные перед началом файла")
    raise not_workbook(foreign_kind(data) or Foreign("текст или файл другого вида", SAVE_AS))


def not_workbook(what: Foreign) -> GateRefusal:
    return GateRefusal(
        Code.NOT_WORKBOOK,
        "Это не книга Excel.",
        found=what.kind,
        expected=ACCEPTED,
        action=what.action,
    )


def ole_refusal(data: bytes) -> GateRefusal:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return GateRefusal(
            Code.PASSWORD,
            "Файл защищён паролем.",
            action="Снимите защиту в Excel (Файл → Сведения → Защита книги) и загрузите ещё раз.",
        )
    return GateRefusal(
        Code.OLD_XLS,
        "Это старый формат Excel 97–2003 (.xls).",
        expected="книга Excel (.xlsx)",
        action=SAVE_AS,
    )


def looks_like_html(data: bytes) -> bool:
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return head.startswith((b"<html", b"<!doctype html", b"<table", b"<head", b"<meta")) or b"<html" in head


def extra_bytes(found: str) -> GateRefusal:
    return GateRefusal(Code.EXTRA_BYTES, "Файл повреждён: в нём есть лишние данные.", found=found, action=SEND_AGAIN)


def check_ends(data: bytes) -> None:
    """Refuse an archive that does not end where its last record says it ends."""
    at = data.rfind(END_OF_ARCHIVE)
    if at < 0 or len(data) < at + END_LENGTH:
        raise damaged("у файла нет конца")
    comment_length = struct.unpack_from("<H", data, at + END_LENGTH - 2)[0]
    if len(data) != at + END_LENGTH + comment_length:
        raise extra_bytes("посторонние данные после конца файла")


def check_members(archive: zipfile.ZipFile, limits: Limits) -> None:
    members = archive.infolist()
    sheets = sum(member.filename.startswith("xl/worksheets/sheet") for member in members)
    if sheets > limits.sheets:
        raise GateRefusal(
            Code.TOO_MANY_SHEETS,
            f"В книге листов: {sheets}, допускается не более {limits.sheets}.",
            action="Оставьте листы с результатами и загрузите ещё раз.",
        )
    if len(members) > limits.members:
        raise GateRefusal(
            Code.TOO_MANY_PARTS,
            "В книге слишком много частей.",
            found=str(len(members)),
            expected=f"не больше {limits.members}",
            action=SAVE_AS,
        )
    names = [member.filename for member in members]
    if any(UNSAFE_NAME.search(member.orig_filename) for member in members):
        raise GateRefusal(
            Code.BAD_PART_NAME,
            "Файл не принят: в нём есть части с недопустимыми именами.",
            action="Сохраните таблицу в новую книгу Excel и загрузите её.",
        )
    if len({name.casefold() for name in names}) < len(names):
        raise GateRefusal(Code.REPEATED_PARTS, "Файл повреждён: повторяющиеся части.", action=SEND_AGAIN)
    if any(member.flag_bits & 0x1 for member in members):
        raise GateRefusal(Code.ENCRYPTED_ZIP, "Архив зашифрован.", action="Снимите защиту и загрузите файл ещё раз.")
    check_volume(members, limits)


def check_volume(members: list[zipfile.ZipInfo], limits: Limits) -> None:
    """Refuse bombs by what the heads of the parts promise: all parts together, one part, one packed beyond belief."""
    total = sum(member.file_size for member in members)
    largest = max((member.file_size for member in members), default=0)
    if total > limits.unpacked_bytes:
        raise too_big_unpacked("Слишком большой объём данных после распаковки.", total, limits.unpacked_bytes)
    if largest > limits.member_bytes:
        raise too_big_unpacked("Слишком большой лист или рисунок после распаковки.", largest, limits.member_bytes)
    for member in members:
        most = max(limits.ratio_from_bytes, limits.ratio * max(member.compress_size, 1))
        if member.file_size > most:
            raise too_big_unpacked("Часть книги сжата сильнее, чем бывает у таблиц.", member.file_size, most)


def too_big_unpacked(what: str, size: int, most: int) -> GateRefusal:
    return GateRefusal(
        Code.TOO_BIG_UNPACKED,
        what,
        found=f"{-(-size // MEBIBYTE)} МБ",
        expected=f"не больше {most // MEBIBYTE} МБ",
        action="Скопируйте таблицу в новую книгу Excel и загрузите её.",
    )


def check_kind(archive: zipfile.ZipFile) -> None:
    """Refuse other documents, other kinds of workbooks, macros, links and embedded objects."""
    names = {member.filename.casefold() for member in archive.infolist()}
    if all(name.endswith("/") for name in names):
        raise empty_archive()
    refuse_other_documents(names)
    if any(name.endswith("vbaproject.bin") for name in names):
        raise macros()
    if not any(name == CONTENT_TYPES.casefold() or name.startswith("xl/") for name in names):
        raise no_books(archive)
    if CONTENT_TYPES.casefold() not in names or WORKBOOK_PART not in names:
        raise damaged("в книге нет обязательных частей")
    check_content_types(read_head(archive, CONTENT_TYPES, limit=1024 * 1024))
    if any(name.startswith(("xl/externallinks/", "xl/embeddings/")) for name in names):
        raise GateRefusal(
            Code.EXTERNAL_LINKS,
            "В книге есть ссылки на другие файлы или вложенные объекты.",
            action="В Excel разорвите связи (Данные → Изменить связи → Разорвать связь), удалите вложенные объекты "
            "и сохраните книгу.",
        )


def refuse_other_documents(names: set[str]) -> None:
    if "xl/workbook.bin" in names:
        raise other_kind("двоичная книга (.xlsb)")
    if "mimetype" in names:
        raise other_document("документ OpenDocument (.ods, .odt)")
    if any(name.startswith("word/") for name in names):
        raise other_document("документ Word")
    if any(name.startswith("ppt/") for name in names):
        raise other_document("презентация")
    if WORKBOOK_PART not in names and any(name.endswith((".xlsx", ".csv", ".xls")) for name in names):
        raise GateRefusal(
            Code.ARCHIVE,
            "Это архив с файлами, а не книга Excel.",
            action="Загрузите архив с расширением .zip или распакуйте его и выберите файлы.",
        )


def no_books(archive: zipfile.ZipFile) -> GateRefusal:
    """Return that an archive holds other files alone, the first of them by name."""
    files = [clean_text(member_name(member)) for member in archive.infolist() if not member.is_dir()]
    named = ", ".join(f"«{PurePosixPath(name).name[:NAME_SHOWN]}»" for name in files[:FILES_NAMED])
    more = f" и ещё {len(files) - FILES_NAMED}" if len(files) > FILES_NAMED else ""
    return GateRefusal(
        Code.ARCHIVE,
        "В архиве нет ни одного файла, который портал умеет читать.",
        found=f"{named}{more}",
        expected=ACCEPTED,
        action="Положите в архив файлы с данными и загрузите его ещё раз.",
    )


def member_name(member: zipfile.ZipInfo) -> str:
    """Return the name as people see it: Windows writes Cyrillic names in cp866 without saying so."""
    if member.flag_bits & 0x800:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("cp866")
    except UnicodeError:
        return member.filename


def macros() -> GateRefusal:
    return GateRefusal(
        Code.MACROS,
        "Файл содержит макросы.",
        expected="книга без макросов",
        action="Сохраните её как «Книга Excel (.xlsx)» без макросов.",
    )


def other_kind(found: str) -> GateRefusal:
    return GateRefusal(
        Code.OTHER_WORKBOOK_KIND,
        "Неподдерживаемый вид книги.",
        found=found,
        expected="книга Excel (.xlsx)",
        action=SAVE_AS,
    )


def other_document(found: str) -> GateRefusal:
    return GateRefusal(
        Code.OTHER_DOCUMENT,
        "Это не книга Excel.",
        found=found,
        expected="книга Excel (.xlsx)",
        action="Выберите файл с таблицей результатов.",
    )


def check_content_types(types: bytes) -> None:
    lower = types.lower()
    if b"macroenabled" in lower:
        raise macros()
    if b"spreadsheetml.template.main+xml" in lower:
        raise other_kind("шаблон книги (.xltx)")
    if MAIN_TYPE not in lower:
        raise damaged("главная часть книги не описана")


def check_heads(archive: zipfile.ZipFile) -> None:
    """Look at the first bytes of every XML part for entities and for the strict namespace."""
    for member in archive.infolist():
        if not member.filename.casefold().endswith((".xml", ".rels")):
            continue
        head = text_of(read_head(archive, member.filename, limit=HEAD_BYTES))
        if "<!DOCTYPE" in head or "<!ENTITY" in head:
            raise GateRefusal(
                Code.ENTITIES,
                "Файл не принят: в нём есть недопустимые объявления.",
                action="Скопируйте таблицу в новую книгу Excel и загрузите её.",
            )
        if "purl.oclc.org/ooxml" in head:
            raise GateRefusal(
                Code.STRICT,
                "Книга сохранена как «Strict Open XML».",
                action="Откройте её в Excel, выберите «Сохранить как» → «Книга Excel (.xlsx)» и загрузите ещё раз.",
            )


def read_head(archive: zipfile.ZipFile, name: str, *, limit: int) -> bytes:
    with archive.open(name) as part:
        return part.read(limit)


def text_of(head: bytes) -> str:
    encoding = "utf-16" if head[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8"
    return head[: len(head) // 2 * 2].decode(encoding, errors="ignore")
