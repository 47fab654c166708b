"""Similar schools as a page shows them: what stays hidden, and the words. Without a database."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from schools.models import School, Territory
from schools.school_pages import (
    HIDDEN,
    HIDDEN_NEAR,
    MENTORS_FAR,
    MENTORS_NEAR,
    NO_MENTORS,
    MentorRow,
    ResemblanceCard,
    load_words,
    outcome_words,
)
from schools.similar import Candidate, Inputs, Outcome, differences, shipped_similarity
from schools.similar_reading import Mentor, Resemblance, SimilarSchool

OWN: Inputs = {
    "students": 164.0,
    "locality": "село",
    "kind": "СОШ",
    "social_index": 43.5625,
    "distance_to_centre": None,
}
OTHER: Inputs = {**OWN, "students": 187.0, "pupils_per_teacher": 9.35}


HOME = Territory(name="Округ")
AWAY = Territory(name="Другой округ")


def school(name: str, territory: Territory = AWAY) -> School:
    return School(id=uuid4(), name=name, territory=territory, kind="СОШ", locality="село")


def similar(name: str, low: int = 10, participants: int = 100, territory: Territory = AWAY) -> SimilarSchool:
    return SimilarSchool(
        school=school(name, territory),
        distance=0.08,
        known_weight=1,
        differences=differences(OWN, OTHER, shipped_similarity().features),
        outcome=Outcome(low=low, participants=participants),
    )


def card(*group: SimilarSchool, visible: list[UUID], outcome: Outcome | None = None) -> ResemblanceCard:
    found = Resemblance(
        own=OWN,
        outcome=outcome or Outcome(low=30, participants=100),
        group=group,
        group_outcome=Outcome(
            low=sum(each.outcome.low for each in group), participants=sum(each.outcome.participants for each in group)
        ),
        mentors=[],
        compared=20,
        year=2026,
        statistics_year=2025,
        social_year=None,
    )
    return ResemblanceCard(found=found, school=school("Своя", HOME), visible=visible)


GROUP = [similar("Первая", 10), similar("Вторая", 20), similar("Третья", 0), similar("Четвёртая", 90)]


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_visible_school_is_named_with_its_inputs_and_results() -> None:
    row = card(GROUP[0], visible=[GROUP[0].school.pk]).rows[0]

    assert (row.name, plain(row.likeness), plain(row.percent)) == ("Первая", "92 %", "10,0 %")
    assert plain(row.works) == "10 из 100 работ"
    assert "Обучающихся: 187" in row.inputs
    assert "Населённый пункт: село" in row.inputs
    assert "Вид школы: средняя школа" in row.inputs
    assert "Индекс социальных условий: 43,6" in row.inputs
    assert "До муниципального центра, км: нет данных" in row.inputs


def test_hidden_school_keeps_name_inputs_and_results_to_itself() -> None:
    row = card(GROUP[0], visible=[]).rows[0]

    assert (row.name, row.percent, row.works, row.inputs) == (HIDDEN, "не показывается", "", "")


def test_hidden_school_of_the_own_municipality_is_not_called_foreign() -> None:
    rows = card(similar("Соседняя", territory=HOME), similar("Дальняя"), visible=[]).rows

    assert [row.name for row in rows] == [HIDDEN_NEAR, HIDDEN]


@pytest.mark.parametrize(
    ("places", "words"), [([], NO_MENTORS), ([AWAY, HOME], MENTORS_NEAR), ([AWAY, AWAY], MENTORS_FAR)]
)
def test_empty_list_of_mentors_says_who_sees_them(places: list[Territory], words: str) -> None:
    shown = card(visible=[])
    mentors = [replace(mentor_row().mentor, school=school("Наставник", place)) for place in places]

    made = replace(shown, found=replace(shown.found, mentors=mentors))

    assert (made.mentors, made.no_mentors) == ([], words)


def test_group_of_hidden_schools_is_shown_as_one() -> None:
    shown = card(*GROUP, visible=[])

    assert plain(shown.group) == "30,0 % (120 из 400 работ)"
    assert plain(shown.difference) == "0,0 п. п."


def test_one_hidden_school_cannot_be_read_out_of_the_group() -> None:
    shown = card(*GROUP, visible=[each.school.pk for each in GROUP[:3]])

    assert plain(shown.group) == "10,0 % (30 из 300 работ)"
    assert plain(shown.difference) == "+20,0 п. п."


def test_two_hidden_schools_alone_are_kept_back() -> None:
    shown = card(*GROUP[:2], visible=[])

    assert shown.group == "не показывается: школ в группе мало"
    assert shown.difference == ""
    assert shown.is_small


def test_school_without_results_has_no_difference() -> None:
    shown = card(*GROUP, visible=[], outcome=Outcome(low=0, participants=0))

    assert (shown.own, shown.difference) == ("нет данных", "")


def test_own_inputs_are_told_with_what_is_missing() -> None:
    told = dict(card(visible=[]).inputs)

    assert told["Обучающихся"] == "164"
    assert told["Учителей с категорией, %"] == "нет данных"


def test_weights_are_told() -> None:
    assert plain(card(visible=[]).weights).startswith("обучающихся – 25 %, населённый пункт – 15 %")


def mentor_row(**fields: object) -> MentorRow:
    known = {"key": uuid4(), "distance": 0.1, "outcome": Outcome(low=10, participants=100), "is_near": True}
    candidate: Candidate[UUID] = Candidate(**{**known, **fields})  # type: ignore[arg-type]
    return MentorRow(
        mentor=Mentor(school=school("Наставник"), candidate=candidate, differences=[]),
        own=Outcome(low=30, participants=100),
    )


def test_mentor_is_offered_with_reasons() -> None:
    assert [plain(reason) for reason in mentor_row().reasons] == [
        "доля низких результатов меньше на 20,0 п. п.: 10,0 % (10 из 100 работ)",
        "условия похожи на 90 %",
        "тот же муниципалитет",
        "никого не сопровождает",
    ]


def test_mentor_of_another_place_names_it_and_its_list() -> None:
    reasons = mentor_row(is_near=False, is_listed=True, mentored=2).reasons

    assert [plain(reason) for reason in reasons[2:]] == [
        "Другой округ",
        "уже сопровождает 2 школы",
        "в перечне школ-наставников",
    ]


@pytest.mark.parametrize(("mentored", "words"), [(0, "никого не сопровождает"), (1, "уже сопровождает 1 школу")])
def test_load_in_words(mentored: int, words: str) -> None:
    assert plain(load_words(mentored)) == words


def test_outcome_of_nobody_is_no_zero() -> None:
    assert outcome_words(Outcome(low=0, participants=0)) == "нет данных"
