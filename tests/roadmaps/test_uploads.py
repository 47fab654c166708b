import io
import random
import zipfile

import pytest
from openpyxl import Workbook

from roadmaps.errors import EvidenceRefused
from roadmaps.uploads import LARGEST, check_evidence_file
from schools.intake.limits import MEBIBYTE
from tests.factories.roadmaps import PDF, PNG


def archive(*names: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        for name in names:
            made.writestr(name, "x")
    return stream.getvalue()


def workbook() -> bytes:
    stream = io.BytesIO()
    Workbook().save(stream)
    return stream.getvalue()


def illustrated(data: bytes) -> bytes:
    """Return a workbook with a picture of six megabytes in it."""
    stream = io.BytesIO(data)
    with zipfile.ZipFile(stream, "a") as made:
        made.writestr("xl/media/image1.png", random.Random(1).randbytes(6 * MEBIBYTE))
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        pytest.param("приказ.pdf", PDF, id="pdf"),
        pytest.param("ПРИКАЗ.PDF", PDF, id="capital extension"),
        pytest.param("фото.jpg", b"\xff\xd8\xff\xe0rest", id="jpg"),
        pytest.param("фото.jpeg", b"\xff\xd8\xff\xe0rest", id="jpeg"),
        pytest.param("фото.png", PNG, id="png"),
        pytest.param("справка.docx", archive("[Content_Types].xml", "word/document.xml"), id="docx"),
        pytest.param("таблица.xlsx", workbook(), id="xlsx"),
        pytest.param("фотоотчёт.xlsx", illustrated(workbook()), id="larger than a file of results may be"),
    ],
)
def test_check_accepts_what_the_extension_says(name: str, data: bytes) -> None:
    check_evidence_file(name, data)


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        pytest.param("run.exe", b"MZ", "подходят PDF, DOCX, XLSX, JPG, PNG", id="kind"),
        pytest.param("без расширения", PDF, "подходят PDF", id="no extension"),
        pytest.param("a.html", b"<html>", "подходят PDF", id="html"),
        pytest.param("a.pdf", b"", "пустой", id="empty"),
        pytest.param("a.pdf", b"<html>", "не соответствует расширению", id="html as pdf"),
        pytest.param("a.png", PDF, "не соответствует расширению", id="pdf as png"),
        pytest.param("a.docx", PDF, "повреждён", id="pdf as docx"),
        pytest.param("a.docx", archive("xl/workbook.xml"), "не документ Word", id="xlsx as docx"),
        pytest.param("a.docx", archive("word/document.xml", "word/vbaProject.bin"), "макросы", id="macros"),
        pytest.param("a.xlsx", PDF, "не принят", id="pdf as xlsx"),
        pytest.param("a.xlsx", archive("word/document.xml"), "не принят", id="docx as xlsx"),
    ],
)
def test_check_refuses_with_words(name: str, data: bytes, words: str) -> None:
    with pytest.raises(EvidenceRefused) as refusal:
        check_evidence_file(name, data)

    assert words in str(refusal.value)


def test_check_refuses_what_is_too_big() -> None:
    with pytest.raises(EvidenceRefused, match="занимает 20,0\u00a0МБ, а можно не более 20,0\u00a0МБ"):
        check_evidence_file("a.pdf", PDF + b"\0" * LARGEST)
