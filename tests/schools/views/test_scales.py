"""The page of the scales of marks, and schools whose works have none."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.permissions import Role
from schools.objectivity_reading import OWN_SCALES, own_scales, works_without_borders
from tests.factories.schools import make_result, make_school, make_territory, make_user

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
HISTOGRAM = [0] * 10 + [10] * 6 + [0] * 30  # 60 participants, 45 points at most


@pytest.fixture
def data_dir(tmp_path: Path, settings: LazySettings) -> Iterator[Path]:
    """Return a directory of data of its own; what was read of another one is forgotten before and after."""
    settings.DATA_DIR = tmp_path
    own_scales.cache_clear()
    yield tmp_path
    own_scales.cache_clear()


def text_of(client: Client) -> str:
    response = client.get(reverse("identification:mark_scales"))
    assert response.status_code == 200
    page = BeautifulSoup(response.content, "html.parser").select_one("main")
    return " ".join(page.get_text(" ").replace("\u00a0", " ").split()) if page else ""


def coordinator() -> User:
    return make_user(role=Role.MUNICIPAL_COORDINATOR, territory=make_territory())


def test_page_shows_every_scale_with_its_origin(data_dir: Path, sign_in: SignIn) -> None:
    text = text_of(sign_in(coordinator()))

    assert not (data_dir / OWN_SCALES).exists()
    assert "ВПР Сведения портала, сверьте со шкалой работы." in text
    assert "ВПР, математика, 4 класс 20 6 10 15" in text
    assert "ОГЭ, 2023 и 2024 Рекомендации" in text
    assert "русский язык 33 15 23 29" in text
    assert "математика — 8 — —" in text
    assert "сверьте с письмом" in text
    assert "признак пиков не считается" in text


def test_scale_of_the_region_stands_first(data_dir: Path, sign_in: SignIn) -> None:
    (data_dir / OWN_SCALES).write_text(
        '[[scale]]\nprocedure = "VPR"\nsubject = "RU"\ngrade = 5\nmaximum = 45\nborders = [18, 29, 39]\n'
        'source = "письмо № 7"\n',
        encoding="utf-8",
    )

    text = text_of(sign_in(coordinator()))
    assert "ВПР, русский язык, 5 класс 45 18 29 39" in text
    assert text.index("Шкалы региона Письмо № 7.") < text.index("Сведения портала")


def test_wrong_file_is_told_and_the_others_stay(data_dir: Path, sign_in: SignIn) -> None:
    (data_dir / OWN_SCALES).write_text("[[scale]]\ngrade = 5\n", encoding="utf-8")

    text = text_of(sign_in(coordinator()))

    assert "Шкалы региона из файла mark_scales.toml не взяты. Шкала 1: не указано" in text
    assert "ВПР, математика, 4 класс" in text


def test_work_without_a_scale_is_named(data_dir: Path) -> None:
    school = make_school()
    rows = [
        make_result(school=school, marks=(10, 20, 20, 10), score_hist=HISTOGRAM, max_primary=45),
        make_result(school=school, grade=6, marks=(1, 2, 1, 1), score_hist=[1, 2, 1, 1], max_primary=3),
        make_result(school=school, subject="MA", grade=4, marks=(5, 10, 10, 5), score_hist=[0] * 8 + [5] * 6 + [0] * 7),
        make_result(school=school, subject="MA", marks=(5, 10, 10, 5)),
    ]

    assert not list(data_dir.iterdir())
    assert [work.replace("\u00a0", " ") for work in works_without_borders(rows)] == [
        "ВПР, русский язык, 5 класс, 2026 год (наибольший балл 45)"
    ]


def test_school_page_says_that_peaks_are_not_looked_for(data_dir: Path, sign_in: SignIn) -> None:
    school = make_school()
    make_result(school=school, marks=(10, 20, 20, 10), score_hist=HISTOGRAM, max_primary=45)
    person = make_user(role=Role.MUNICIPAL_COORDINATOR, territory=school.territory)

    response = sign_in(person).get(reverse("schools:results", args=[school.pk]))

    assert list(data_dir.iterdir()) == []
    page = BeautifulSoup(response.content, "html.parser").select_one("[aria-labelledby=t-signs]")
    assert page is not None
    text = " ".join(page.get_text(" ").replace("\u00a0", " ").split())
    assert "Границы отметок неизвестны — признак пиков не считается: ВПР, русский язык, 5 класс, 2026 год" in text
    assert page.select_one(f'a[href="{reverse("identification:mark_scales")}"]')
