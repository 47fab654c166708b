"""Reasons as they are printed and read."""

from accounts.russian import NBSP
from schools.identification import Identification, Part, ReasonCode, Result, SchoolFacts, identify
from tests.factories.identification import make_rules, vpr

FACTS = SchoolFacts(kind="СОШ", expected={})


def printed(*results: Result, **changes: object) -> list[str]:
    return [str(reason).replace(NBSP, " ") for reason in identified(*results, **changes).reasons]


def identified(*results: Result, **changes: object) -> Identification:
    return identify(results, make_rules(**changes), 2026, FACTS)


def test_first_condition_names_each_procedure_with_counts_and_share() -> None:
    before = vpr("RU", 4, 1, 40, 2025)

    assert printed(vpr("RU", 5, 12, 40), vpr("MA", 6, 9, 30), before) == [
        "C1:ВПР-РУ-5 2026 12/40=30,00 %",
        "C1:ВПР-МА-6 2026 9/30=30,00 %",
    ]


def test_repeat_names_both_years() -> None:
    assert "C2:ВПР-МА-6 2025 30/66=45,45 % → 2026 26/59=44,07 %" in printed(
        vpr("MA", 6, 30, 66, 2025),
        vpr("MA", 6, 26, 59),
    )


def test_sentence_says_it_in_words() -> None:
    (reason,) = identified(vpr("RU", 5, 21, 21), vpr("RU", 5, 0, 20, 2025)).reasons

    assert reason.code is ReasonCode.LOW
    assert reason.text.replace(NBSP, " ") == (
        "ВПР, русский язык, 5 класс, 2026 год: низкий результат у 21 из 21 участника (100,00 %)."
    )


def test_small_procedures_are_named_in_one_reason() -> None:
    reasons = printed(vpr("RU", 5, 2, 3), vpr("MA", 5, 1, 3), vpr("RU", 5, 0, 30, 2025), min_participants=10)

    assert reasons == ["SMALL_N:ВПР-РУ-5, ВПР-МА-5"]


def test_marker_says_what_became_of_the_procedure() -> None:
    marked = vpr("RU", 4, 0, 12, markers=("4РУ",))

    flagged = identified(marked, vpr("RU", 4, 0, 12, 2025)).reasons[0]
    dropped = identified(marked, vpr("RU", 4, 0, 12, 2025), objectivity_mode="DROP_PROCEDURE").reasons[0]

    assert (str(flagged), str(dropped)) == ("MARKER:4РУ", "MARKER:4РУ")
    assert "процедура учтена" in flagged.text
    assert "процедура не учтена" in dropped.text
    assert "необъективная школа" not in flagged.text


def test_missing_results_are_listed() -> None:
    facts = SchoolFacts(kind="НОШ", last_grade=4)
    result = identify([vpr("RU", 4, 1, 10), vpr("RU", 4, 1, 10, 2025)], make_rules(), 2026, facts)

    (reason,) = result.reasons
    assert str(reason) == "NO_DATA:ВПР-МА-4"


def test_silent_year_before_is_said() -> None:
    assert printed(vpr("RU", 4, 1, 10)) == ["PREVIOUS_YEAR:2025"]


def test_part_keeps_the_reference_of_its_row() -> None:
    result = identified(vpr("RU", 4, 1, 10, source="result 17"))

    (part,) = [each for each in result.current if isinstance(each, Part) and each.participants]
    assert part.source == "result 17"
