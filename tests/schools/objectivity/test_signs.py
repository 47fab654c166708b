"""Signs that ask for a closer look, without a database."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from schools.objectivity import (
    WORDING,
    JournalCounts,
    SignKind,
    TaskShares,
    journal_signs,
    mark_borders,
    mark_scales,
    peak_signs,
    shipped_limits,
    task_signs,
)
from schools.objectivity.signs import places

LIMITS = shipped_limits()
BORDERS = (6, 10, 15)
SMOOTH = (0, 0, 1, 1, 2, 2, 3, 4, 5, 6, 6, 6, 6, 5, 4, 3, 2, 1, 1, 0, 0)


def spiked(at: int, height: int) -> list[int]:
    """Return the smooth histogram with a peak at a score."""
    histogram = list(SMOOTH)
    histogram[at] = height
    return histogram


# Peaks: the test itself is in `test_peaks`


def test_smooth_histogram_has_no_peak() -> None:
    assert peak_signs(SMOOTH, BORDERS, LIMITS.peaks) == []


def test_peak_at_the_border_of_4_is_told_with_the_counts_it_leans_on() -> None:
    (sign,) = peak_signs(spiked(10, 20), BORDERS, LIMITS.peaks)

    assert sign.kind is SignKind.PEAK
    assert sign.text.replace("\u00a0", " ") == (
        "Пик у границы «4»: 10 баллов – у 20 из 72 участников, соседние баллы (8, 9, 11 и 12) вместе – у 23, "
        "в среднем 5,8"
    )
    assert sign.limit.replace("\u00a0", " ") == (
        "не меньше чем в 2 раза больше соседних баллов в среднем, участников не меньше 50; при ровном распределении "
        "такое случайно бывает не чаще чем в 1 % работ"
    )
    assert "настройка портала" in sign.source


def test_every_border_has_its_peak() -> None:
    histogram = list(SMOOTH)
    for border in BORDERS:
        histogram[border] = 24

    assert [sign.text[:17] for sign in peak_signs(histogram, BORDERS, LIMITS.peaks)] == [
        "Пик у границы «3»",
        "Пик у границы «4»",
        "Пик у границы «5»",
    ]


def test_limits_of_peaks_are_parameters() -> None:
    limits = replace(LIMITS.peaks, participants_min=10, times=Decimal("1.5"), level=Decimal("0.005"), reach=1)

    (sign,) = peak_signs([0, 0, 0, 0, 0, 1, 20, 1, 0, 0, 0], (6,), limits)
    assert "(5 и 7)" in sign.text
    assert "в 1,5\u00a0раза" in sign.limit
    assert "в 0,5\u00a0% работ" in sign.limit


# Scales


def test_scale_fits_only_its_maximum() -> None:
    assert mark_borders("VPR", "MA", 4, 2026, 20) == (6, 10, 15)
    assert mark_borders("VPR", "MA", 4, 2026, 21) is None
    assert mark_borders("VPR", "MA", 5, 2026, 20) is None


def test_scale_of_an_exam_comes_from_the_exams() -> None:
    assert mark_borders("OGE", "RU", 9, 2024, 33) == (15, 23, 29)
    assert mark_borders("OGE", "RU", 9, 2024, 39) is None
    assert mark_borders("EGE", "RU", 11, 2026, 100) is None


def test_every_scale_says_where_it_comes_from_and_rises() -> None:
    for scale in mark_scales():
        assert scale.source
        assert 0 < scale.borders[0] < scale.borders[1] < scale.borders[2] <= scale.maximum


# Tasks


SAMPLE = {"1": Decimal(85), "2": Decimal(70), "3": Decimal(50), "4": Decimal(35), "5": Decimal(20)}


def tasks(own: Sequence[int], participants: int = 40, **fields: str) -> TaskShares:
    shares = dict(zip(SAMPLE, map(Decimal, own), strict=True))
    return TaskShares(own=shares, sample=SAMPLE, participants=participants, **fields)


def test_easy_worse_and_hard_better_is_told() -> None:
    (sign,) = task_signs(tasks([75, 60, 50, 55, 40], sample_name="Область"), LIMITS.tasks)

    assert sign.text.replace("\u00a0", " ") == (
        "Лёгкие задания (1 и 2) выполнены хуже на 10,0 п. п., трудные (4 и 5) – лучше на 20,0 п. п. Сравнение: Область"
    )
    assert "не меньше 5 п. п." in sign.limit.replace("\u00a0", " ")


@pytest.mark.parametrize(
    "own",
    [
        pytest.param([75, 60, 50, 35, 20], id="only easy worse"),
        pytest.param([85, 70, 50, 55, 40], id="only hard better"),
        pytest.param([95, 80, 60, 55, 40], id="all better"),
        pytest.param([81, 66, 50, 40, 25], id="easy four points worse"),
        pytest.param([80, 65, 50, 39, 24], id="hard four points better"),
    ],
)
def test_strong_and_weak_schools_show_no_sign(own: list[int]) -> None:
    assert task_signs(tasks(own), LIMITS.tasks) == []


def test_difference_exactly_at_the_bound_is_a_sign() -> None:
    assert task_signs(tasks([80, 65, 50, 40, 25]), LIMITS.tasks)


def test_nine_participants_are_too_few() -> None:
    own = [75, 60, 50, 55, 40]

    assert task_signs(tasks(own, participants=9), LIMITS.tasks) == []
    assert task_signs(tasks(own, participants=10), LIMITS.tasks)


def test_one_easy_task_is_not_enough() -> None:
    shares = TaskShares(own={"1": Decimal(10), "4": Decimal(90), "5": Decimal(90)}, sample=SAMPLE, participants=40)

    assert task_signs(shares, LIMITS.tasks) == []


def test_tasks_without_a_sample_are_left_out() -> None:
    assert task_signs(TaskShares(own=SAMPLE, sample={}, participants=40), LIMITS.tasks) == []


# Journal


@pytest.mark.parametrize(
    ("counts", "kinds"),
    [
        pytest.param((28, 12, 0, 5), [SignKind.LOWERED], id="exactly 70 % lowered"),
        pytest.param((27, 13, 0, 5), [], id="a little less"),
        pytest.param((1, 38, 1, 0), [SignKind.CONFIRMED], id="95 % confirmed, no «2»"),
        pytest.param((1, 38, 1, 1), [], id="95 % confirmed, one «2»"),
        pytest.param((1, 38, 1, None), [], id="95 % confirmed, «2» not known"),
        pytest.param((3, 37, 0, 0), [], id="less than 95 % confirmed"),
        pytest.param((9, 0, 0, 0), [], id="nine are too few"),
        pytest.param((0, 0, 0, 0), [], id="nobody"),
    ],
)
def test_journal_has_bounds(counts: tuple[int, int, int, int | None], kinds: list[SignKind]) -> None:
    lowered, confirmed, raised, low = counts
    given_counts = JournalCounts(lowered=lowered, confirmed=confirmed, raised=raised, low=low)

    assert [sign.kind for sign in journal_signs(given_counts, LIMITS.journal)] == kinds


def test_journal_sign_gives_counts_and_threshold() -> None:
    (sign,) = journal_signs(JournalCounts(lowered=30, confirmed=10, raised=0), LIMITS.journal)

    assert sign.text == "Отметка за работу ниже, чем в журнале, у 30 из 40"
    assert sign.limit.replace("\u00a0", " ") == "понизили не менее 70 % участников"


def test_thresholds_are_parameters() -> None:
    limits = replace(LIMITS.journal, lowered_from=Decimal("12.5"))

    (sign,) = journal_signs(JournalCounts(lowered=5, confirmed=35, raised=0, low=3), limits)
    assert "12,5" in sign.limit


@pytest.mark.parametrize(("value", "digits"), [("30", 0), ("30.00", 0), ("12.5", 1), ("100", 0), ("0.25", 2)])
def test_threshold_is_printed_with_its_digits(value: str, digits: int) -> None:
    assert places(Decimal(value)) == digits


# Wording


def test_no_sign_calls_a_school_biased() -> None:
    texts = [
        *(sign.text for sign in peak_signs(spiked(6, 20), BORDERS, LIMITS.peaks)),
        *(sign.text for sign in task_signs(tasks([75, 60, 50, 55, 40]), LIMITS.tasks)),
        *(sign.text for sign in journal_signs(JournalCounts(lowered=0, confirmed=40, raised=0, low=0), LIMITS.journal)),
        WORDING,
    ]

    assert len(texts) == 4
    assert not any("объектив" in text.lower() for text in texts)
