"""Opinions on factors and the choice of a school, without a database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.russian import NBSP
from riskprofiles.review import Activation, ActivationRules, Agreement, FactorReview, Judgement, activation
from riskprofiles.scoring import RiskLevel

HIGH, MEDIUM, LOW, NONE = RiskLevel.HIGH, RiskLevel.MEDIUM, RiskLevel.LOW, RiskLevel.NONE


def confirmed(title: str, level: RiskLevel = MEDIUM) -> FactorReview:
    return FactorReview(title=title, calculated=level, judgement=Judgement.CONFIRMED, verified=level)


def plain(texts: tuple[str, ...]) -> list[str]:
    return [text.replace(NBSP, " ") for text in texts]


@pytest.mark.parametrize(
    ("calculated", "is_relevant", "marked", "agreement"),
    [
        pytest.param(HIGH, True, HIGH, Agreement.AGREES, id="same"),
        pytest.param(LOW, True, HIGH, Agreement.SCHOOL_HIGHER, id="school sees more"),
        pytest.param(HIGH, True, LOW, Agreement.SCHOOL_LOWER, id="school sees less"),
        pytest.param(HIGH, False, None, Agreement.SCHOOL_LOWER, id="not relevant for the school"),
        pytest.param(NONE, False, None, Agreement.AGREES, id="no risk for both"),
        pytest.param(NONE, False, HIGH, Agreement.AGREES, id="level of an irrelevant factor does not matter"),
        pytest.param(None, True, HIGH, Agreement.SCHOOL_ONLY, id="nothing calculated"),
        pytest.param(HIGH, None, None, Agreement.CALCULATED_ONLY, id="school silent"),
        pytest.param(HIGH, True, None, Agreement.CALCULATED_ONLY, id="relevant without a level"),
        pytest.param(None, None, None, Agreement.UNKNOWN, id="nobody knows"),
    ],
)
def test_school_and_calculation_are_compared(
    calculated: RiskLevel | None,
    is_relevant: bool | None,
    marked: RiskLevel | None,
    agreement: Agreement,
) -> None:
    review = FactorReview(title="Кадры", calculated=calculated, is_relevant=is_relevant, marked=marked)

    assert review.agreement is agreement


@pytest.mark.parametrize(
    ("judgement", "verified", "refusal"),
    [
        pytest.param(Judgement.CONFIRMED, HIGH, "", id="confirmed"),
        pytest.param(Judgement.CHANGED, LOW, "", id="changed"),
        pytest.param(Judgement.ADDED, MEDIUM, "", id="added"),
        pytest.param(None, None, "«Кадры»: куратор ещё не дал заключение.", id="not judged"),
        pytest.param(Judgement.REJECTED, NONE, "«Кадры»: куратор отклонил этот фактор.", id="rejected"),
        pytest.param(Judgement.CONFIRMED, NONE, "«Кадры»: риск не выявлен.", id="confirmed that there is none"),
        pytest.param(Judgement.CONFIRMED, None, "«Кадры»: риск не выявлен.", id="no level"),
    ],
)
def test_only_verified_risks_can_be_chosen(
    judgement: Judgement | None,
    verified: RiskLevel | None,
    refusal: str,
) -> None:
    review = FactorReview(title="Кадры", calculated=HIGH, judgement=judgement, verified=verified)

    assert review.refusal == refusal
    assert activation({"R02": review}, ["R02"]).is_allowed is (refusal == "")


def five() -> dict[str, FactorReview]:
    return {f"R0{number}": confirmed(f"Фактор {number}") for number in range(1, 8)}


def test_usual_number_of_factors_raises_no_warning() -> None:
    result = activation(five(), ["R01", "R02", "R03"])

    assert result == Activation(chosen=("R01", "R02", "R03"), problems=(), warnings=())


@pytest.mark.parametrize(
    ("chosen", "warning"),
    [
        pytest.param(1, "Выбран 1 фактор, обычно школа выбирает от 3 до 5.", id="one"),
        pytest.param(2, "Выбрано 2 фактора, обычно школа выбирает от 3 до 5.", id="two"),
        pytest.param(
            6,
            "Выбрано 6 факторов, обычно школа выбирает от 3 до 5. Проверьте, хватит ли сил на все.",
            id="six",
        ),
    ],
)
def test_unusual_number_of_factors_is_a_warning(chosen: int, warning: str) -> None:
    result = activation(five(), list(five())[:chosen])

    assert result.is_allowed
    assert plain(result.warnings) == [warning]


def test_school_with_two_risks_is_not_warned_of_choosing_both() -> None:
    factors = {"R01": confirmed("Кадры"), "R02": confirmed("Мотивация")}

    assert activation(factors, factors).warnings == ()


def test_high_risk_left_out_is_a_warning() -> None:
    factors = {**five(), "R08": confirmed("Мотивация", HIGH)}

    assert plain(activation(factors, ["R01", "R02", "R03"]).warnings) == [
        "Не выбраны факторы высокой значимости: «Мотивация».",
    ]


def test_choosing_nothing_is_refused_while_there_is_a_risk() -> None:
    assert activation(five(), []).problems == (
        "Выберите хотя бы один фактор, с которым школа будет работать в этом году.",
    )
    assert activation({"R01": confirmed("Кадры", NONE)}, []).is_allowed


def test_factor_chosen_twice_counts_once() -> None:
    assert activation(five(), ["R01", "R01", "R02", "R03"]).chosen == ("R01", "R02", "R03")


def test_unknown_factor_is_an_error() -> None:
    with pytest.raises(KeyError):
        activation(five(), ["R99"])


def test_usual_numbers_are_parameters() -> None:
    assert activation(five(), ["R01"], ActivationRules(usual_least=1, usual_most=1)).warnings == ()
    with pytest.raises(ValueError, match="от 5 до 3"):
        ActivationRules(usual_least=5, usual_most=3)


reviews = st.builds(
    FactorReview,
    title=st.just("Фактор"),
    judgement=st.none() | st.sampled_from(Judgement),
    verified=st.none() | st.sampled_from(RiskLevel),
)


@given(st.dictionaries(st.integers(0, 12), reviews), st.data())
def test_allowed_choice_holds_verified_risks_only(
    factors: dict[int, FactorReview],
    data: st.DataObject,
) -> None:
    chosen = data.draw(st.lists(st.sampled_from(sorted(factors)), unique=True)) if factors else []

    if activation(factors, chosen).is_allowed:
        assert all(factors[key].verified in {LOW, MEDIUM, HIGH} for key in chosen)
        assert all(factors[key].judgement not in {None, Judgement.REJECTED} for key in chosen)
