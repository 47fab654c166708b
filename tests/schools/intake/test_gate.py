"""The first look at the bytes of an upload."""

import struct

import pytest

from schools.intake import gate
from schools.intake.limits import Limits
from schools.intake.refusals import Code, GateRefusal, Refusal
from tests.factories.workbooks import packed
from tests.schools.intake import hostile

REFUSED = {name: build for name, build in hostile.CONTAINERS.items() if build[1]}


def test_honest_workbook_passes() -> None:
    gate.check(hostile.good())


@pytest.mark.parametrize("name", REFUSED)
def test_hostile_container_is_refused_by_its_code(name: str) -> None:
    with pytest.raises(GateRefusal) as caught:
        gate.check(hostile.made(name))

    assert caught.value.code == REFUSED[name][1]


@pytest.mark.parametrize("name", REFUSED)
def test_refusal_tells_in_russian_what_to_do(name: str) -> None:
    with pytest.raises(Refusal) as caught:
        gate.check(hostile.made(name))

    text = caught.value.text_ru
    assert text.endswith(".")
    assert len(text) > 25
    assert "Traceback" not in text


def test_file_above_the_limit_is_refused_with_both_sizes() -> None:
    with pytest.raises(GateRefusal) as caught:
        gate.check(bytes(3 * 1024 * 1024), Limits(file_bytes=2 * 1024 * 1024))

    assert caught.value.code == Code.TOO_BIG
    assert caught.value.text_ru.startswith("Файл больше 2 МБ. Найдено: 3,0 МБ.")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (
            "bomb in the sheet",
            "Слишком большой объём данных после распаковки. Найдено: 201 МБ. Ожидается: не больше 64",
        ),
        ("swollen part", "Часть книги сжата сильнее, чем бывает у таблиц. Найдено: 5 МБ. Ожидается: не больше 1 МБ."),
    ],
)
def test_swollen_workbook_is_refused_with_the_limit_that_it_breaks(name: str, words: str) -> None:
    with pytest.raises(GateRefusal) as caught:
        gate.check(hostile.made(name))

    assert caught.value.text_ru.startswith(words)


def test_part_above_its_own_limit_is_told_apart_from_the_whole() -> None:
    with pytest.raises(GateRefusal) as caught:
        gate.check(hostile.added(("xl/media/x.bin", bytes(3_000_000))), Limits(member_bytes=1024 * 1024))

    assert caught.value.text_ru.startswith("Слишком большой лист или рисунок после распаковки. Найдено: 3 МБ.")
    assert "не больше 1 МБ" in caught.value.text_ru


def test_comment_of_an_archive_is_part_of_it() -> None:
    data = bytearray(hostile.good())
    struct.pack_into("<H", data, len(data) - 2, 4)

    gate.check(bytes(data) + b"note")


@pytest.mark.parametrize("name", ["a/../b", "..\\evil", "C:\\x", "/etc/passwd", "a\x00b"])
def test_unsafe_names_of_parts_are_known(name: str) -> None:
    assert gate.UNSAFE_NAME.search(name)


@pytest.mark.parametrize("name", ["xl/worksheets/sheet1.xml", "[Content_Types].xml", "xl/media/картинка..png"])
def test_ordinary_names_of_parts_are_safe(name: str) -> None:
    assert not gate.UNSAFE_NAME.search(name)


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["папка/письмо.txt"], "«письмо.txt»"),
        (["1.txt", "2.jpg", "3.txt", "4.pdf", "5.txt"], "«1.txt», «2.jpg», «3.txt» и ещё 2"),
    ],
)
def test_archive_without_a_table_names_what_it_holds(names: list[str], found: str) -> None:
    with pytest.raises(GateRefusal) as caught:
        gate.check(packed(dict.fromkeys(names, b"1")))

    assert caught.value.text_ru.startswith(
        f"В архиве нет ни одного файла, который портал умеет читать. Найдено: {found}. Ожидается: книга Excel (.xlsx)"
    )
