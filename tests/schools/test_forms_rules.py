"""The form of a rule set: every declared parameter has its field, and comes back as it went in."""

from typing import Any

import pytest
from django.http import QueryDict

from accounts.models import User
from accounts.permissions import Role
from schools.actions.rule_drafts import draft_rule_set
from schools.actions.rule_sets import load_rule_sets
from schools.actions.social import load_social_rule
from schools.forms_rules import RuleSetForm, in_words, initial_of, merged, take
from schools.identification import PARAMETERS, Kind, ObjectivityMode, Parameter, Rules
from schools.models import ClusterSet, IdentificationRuleSet
from schools.rule_comparison import in_order
from schools.rule_fields import fields_of, procedures_of
from tests.factories.clusters import CODE, make_cluster_set
from tests.factories.lists import AT
from tests.factories.schools import make_region, make_school, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper() -> User:
    return make_user()


@pytest.fixture
def draft(keeper: User) -> IdentificationRuleSet:
    return draft_rule_set(source=load_rule_sets(by=None)[0], by=keeper, at=AT)


def sent(rule_set: IdentificationRuleSet, user: User, **changes: Any) -> QueryDict:
    form, data = RuleSetForm(rule_set=rule_set, user=user), QueryDict(mutable=True)
    for name in form.fields:
        take(data, form[name], form.initial[name])
    for name, value in changes.items():
        data.setlist(name.replace("__", "-"), value if isinstance(value, list) else [value])
    return data


def filled(rule_set: IdentificationRuleSet, user: User, **changes: Any) -> RuleSetForm:
    form = RuleSetForm(sent(rule_set, user, **changes), rule_set=rule_set, user=user)
    form.is_valid()
    return form


def errors_of(form: RuleSetForm) -> dict[str, list[str]]:
    return {name: [str(text) for text in texts] for name, texts in form.errors.items()}


RELATIVE = {"relative_rule__on": "on", "relative_rule__statistic": "PERCENTILE", "relative_rule__cut": "12,5"}


ASSIGNED: dict[str, Any] = {**RELATIVE, "relative_rule__cluster_by": ["KIND", "ASSIGNED"]}


@pytest.mark.parametrize("parameter", PARAMETERS, ids=[each.name for each in PARAMETERS])
def test_every_parameter_has_fields(parameter: Parameter) -> None:
    names = [name for name, _ in fields_of(parameter)]

    assert names
    assert all(name.split("-")[0] == parameter.name for name in names)


@pytest.mark.parametrize("code", ["RU-2025", "RU-500P-2020", "BRIEF-2Y", "REG-QUARTILE"])
def test_untouched_form_gives_the_same_rule(keeper: User, code: str) -> None:
    load_rule_sets(by=None)
    rule_set = IdentificationRuleSet.objects.get(code=code)

    form = filled(rule_set, keeper)

    assert errors_of(form) == {}
    assert form.changed_data == []
    assert form.rules
    assert in_order(form.rules) == in_order(rule_set.rules)


def test_form_gives_every_kind_of_value(draft: IdentificationRuleSet, keeper: User) -> None:
    load_social_rule(by=None)
    form = filled(
        draft,
        keeper,
        **RELATIVE,
        relative_rule__cluster_by=["KIND", "SIZE"],
        relative_rule__size_bounds="50; 100,  500",
        low_definition__KDR="LEVELS_OF_SCALE",
        low_levels__KDR4=["insufficient", "reduced"],
        procedures=["KDR-RU-3", "VPR-RU-5", "VPR-MA-5", "KDR-RU-3"],
        exclude_types=["НОШ"],
        shnsu_rule__on="on",
        shnsu_rule__index="ISBSH-D",
        objectivity_mode="SEPARATE_LIST",
    )

    assert errors_of(form) == {}
    rules = form.rules
    assert rules
    assert rules.relative_rule
    assert (str(rules.relative_rule.cut), rules.relative_rule.size_bounds) == ("12.5", (50, 100, 500))
    assert rules.relative_rule.cluster_by == ("KIND", "SIZE")
    assert [tuple(each) for each in rules.procedures] == [("VPR", "RU", 5), ("VPR", "MA", 5), ("KDR", "RU", 3)]
    assert (rules.low_definition["KDR"], rules.low_levels) == ("LEVELS_OF_SCALE", {"KDR4": ("insufficient", "reduced")})
    assert rules.exclude_types == {"НОШ"}
    assert rules.objectivity_mode is ObjectivityMode.SEPARATE_LIST
    assert rules.shnsu_rule
    assert rules.shnsu_rule.index == "ISBSH-D"


def test_lower_quarter_is_offered_for_every_kind_of_works(draft: IdentificationRuleSet, keeper: User) -> None:
    form = filled(draft, keeper, low_definition__VPR="LOWER_QUARTILE")

    offered = [dict(form.fields[f"low_definition-{kind.code}"].choices) for kind in form.kinds]  # type: ignore[attr-defined]
    assert all(each["LOWER_QUARTILE"] == "в нижней четверти первичных баллов" for each in offered)
    assert form.rules
    assert form.rules.quarter_kinds == {"VPR"}


@pytest.mark.parametrize(
    ("changes", "field", "told"),
    [
        pytest.param({"title": " "}, "title", "Укажите название.", id="no title"),
        pytest.param({"year": "2"}, "year", "Введите год от 1990 до 2100.", id="year"),
        pytest.param({"min_procedures": "0"}, "min_procedures", "Введите целое число от 1 до 100 000.", id="integer"),
        pytest.param(
            {"share_threshold_pct": "0"}, "share_threshold_pct", "Введите число от 0,01 до 100.", id="percent"
        ),
        pytest.param({"share_threshold_pct": "30,001"}, "share_threshold_pct", "Не больше двух знаков", id="digits"),
        pytest.param({"combine": "XOR"}, "combine", "Выберите значение из предложенных.", id="choice"),
        pytest.param({"procedures": []}, "procedures", "Выберите хотя бы одну процедуру.", id="no procedures"),
        pytest.param({"procedures": ["VPR-RU-12"]}, "procedures", "Процедуры «VPR-RU-12» нет.", id="no such grade"),
        pytest.param({"procedures": ["VPR-XX-4"]}, "procedures", "Процедуры «VPR-XX-4» нет.", id="no such subject"),
        pytest.param({"procedures": ["ABC-RU-4"]}, "procedures", "Процедуры «ABC-RU-4» нет.", id="no such kind"),
        pytest.param(
            {"procedures": ['["ABC", "RU", 4]']}, "procedures", "нет. Выберите её в таблице.", id="foreign work"
        ),
        pytest.param(
            {"shnsu_rule__on": "on", "shnsu_rule__index": "забор"},
            "shnsu_rule-index",
            "Выберите правило индекса из списка.",
            id="no such index",
        ),
        pytest.param({"basis": "забор"}, "basis", "Выберите документ из списка.", id="no key of a document"),
        pytest.param({"procedures": ["VPR-RU-05"]}, "procedures", "Процедуры «VPR-RU-05» нет.", id="odd grade"),
        pytest.param(
            {"procedures": ["KDR-RU-4"]}, "low_definition-KDR", "Выберите, какой результат считать низким.", id="no low"
        ),
        pytest.param(
            {"pool_small_schools": "GRADES"},
            "pool_small_schools",
            "«Участников не менее» равно 1",
            id="nothing to pool",
        ),
        pytest.param(
            {"risk_group_rule__share_min": "40"}, "risk_group_rule-on", "должно быть меньше", id="risk upside down"
        ),
        pytest.param(
            {**RELATIVE, "relative_rule__cut": "100"}, "relative_rule-cut", "меньше 100 %", id="part of a nested rule"
        ),
        pytest.param(
            {**RELATIVE, "relative_rule__size_bounds": "300, 100"},
            "relative_rule-size_bounds",
            "Каждое число должно быть больше предыдущего.",
            id="bounds fall",
        ),
        pytest.param(
            {**RELATIVE, "relative_rule__size_bounds": "сто"},
            "relative_rule-size_bounds",
            "Перечислите целые числа через запятую",
            id="bounds are no numbers",
        ),
        pytest.param(
            {**RELATIVE, "ranking_rule__on": "on"}, "ranking_rule-on", "оставьте одно из них", id="two comparisons"
        ),
    ],
)
def test_wrong_value_is_told_at_its_field_in_words(
    draft: IdentificationRuleSet, keeper: User, changes: dict[str, Any], field: str, told: str
) -> None:
    form = filled(draft, keeper, **changes)

    assert list(form.errors) == [field]
    assert told in form.errors[field][0]
    assert form.rules is None


def test_ends_of_lines_are_no_change(draft: IdentificationRuleSet, keeper: User) -> None:
    draft.provenance = "Первая строка\nВторая"

    form = filled(draft, keeper, provenance="Первая строка\r\nВторая\r\n")

    assert form.changed_data == []
    assert form.content().provenance == "Первая строка\nВторая"


def test_rule_that_is_off_is_not_asked_for_its_values(draft: IdentificationRuleSet, keeper: User) -> None:
    form = filled(draft, keeper, relative_rule__cut="забор", relative_rule__size_bounds="забор")

    assert errors_of(form) == {}
    assert form.content().parameters["relative_rule"] is None


def test_content_carries_the_requisites(draft: IdentificationRuleSet, keeper: User) -> None:
    form = filled(draft, keeper, title="Своё", justification="Почему")

    content = form.content()

    assert (content.title, content.justification, content.basis) == ("Своё", "Почему", None)
    assert Rules.from_parameters(content.parameters) == draft.rules


def test_sections_hold_every_parameter_once(draft: IdentificationRuleSet, keeper: User) -> None:
    form = RuleSetForm(rule_set=draft, user=keeper)

    rows = [row for section in form.sections for row in section.rows]

    assert len(rows) == len([each for each in PARAMETERS if each.kind is not Kind.LOW_DEFINITION])
    drawn = {part.field.name for row in rows for part in (row, *row.rows) if part.field}
    switches = {row.switch.name for row in rows if row.switch}
    apart = {"title", "year", "provenance", "justification", "basis"}
    assert set(form.fields) - drawn - switches - apart == {f"low_definition-{kind.code}" for kind in form.kinds}


# The matrix


def test_matrix_opens_what_is_chosen_and_offers_the_rest(draft: IdentificationRuleSet, keeper: User) -> None:
    kinds = {kind.code: kind for kind in RuleSetForm(rule_set=draft, user=keeper).kinds}

    assert [code for code, kind in kinds.items() if kind.is_open] == ["VPR", "OGE", "EGE"]
    assert kinds["VPR"].chosen == 12
    assert [cell.is_chosen for cell in kinds["VPR"].rows[0].cells] == [True] * 6 + [False]
    assert kinds["VPR"].rows[0].cells[0].label == "ВПР, Русский язык, 4 класс"
    assert [row.title for row in kinds["EGE"].rows] == ["Русский язык", "Математика базовая", "Математика профильная"]
    assert ("IS", "История") in kinds["OGE"].others


def test_matrix_keeps_chosen_works_outside_of_the_usual(draft: IdentificationRuleSet, keeper: User) -> None:
    form = filled(draft, keeper, procedures=["VPR-IS-9", "OGE-RU-9", "забор", "VPR-RU-99"], add="KDR", more__KDR="BI")

    kinds = {kind.code: kind for kind in form.kinds}

    assert kinds["VPR"].grades == (4, 5, 6, 7, 8, 9, 10, 11)
    assert [row.title for row in kinds["VPR"].rows] == ["Русский язык", "Математика", "История"]
    assert kinds["KDR"].is_open
    assert [(row.title, row.cells[0].has_focus) for row in kinds["KDR"].rows][-1] == ("Биология", True)


def test_chosen_cells_become_procedures_in_the_order_of_the_lists() -> None:
    assert procedures_of(["OGE-RU-9", "VPR-MA-4", "VPR-RU-5", "VPR-RU-4"]) == [
        {"kind": "VPR", "subject": "RU", "grade": 4},
        {"kind": "VPR", "subject": "MA", "grade": 4},
        {"kind": "VPR", "subject": "RU", "grade": 5},
        {"kind": "OGE", "subject": "RU", "grade": 9},
    ]


# What the editor does not know


FOREIGN = ('["ЦКР-9", "RU", 5]', '["VPR", "ЯЗ-2", 5]', '["VPR", "RU", 12]')


@pytest.fixture
def foreign(draft: IdentificationRuleSet) -> IdentificationRuleSet:
    """Return a draft with a kind, a subject and a grade that the editor has no place for."""
    parameters = draft.rules.to_parameters()
    rows = [("ЦКР-9", "RU", 5), ("VPR", "ЯЗ-2", 5), ("VPR", "RU", 12)]
    parameters["procedures"] += [dict(zip(("kind", "subject", "grade"), row, strict=True)) for row in rows]
    parameters["low_definition"]["ЦКР-9"] = "MARK_2"
    parameters["exclude_types"] = ["кадетский корпус"]
    parameters["ranking_rule"] = {"groups": ["VPR", "ЦКР-9"]}
    parameters["shnsu_rule"] = {"index": "СТАРЫЙ"}
    draft.parameters = Rules.from_parameters(parameters).to_parameters()
    draft.save()
    return draft


def test_unknown_things_of_a_stored_rule_stay_when_nothing_is_touched(
    foreign: IdentificationRuleSet, keeper: User
) -> None:
    form = filled(foreign, keeper)

    assert errors_of(form) == {}
    assert form.changed_data == []
    assert form.rules
    assert in_order(form.rules) == in_order(foreign.rules)


def test_unknown_works_are_drawn_each_with_a_box(foreign: IdentificationRuleSet, keeper: User) -> None:
    form = RuleSetForm(rule_set=foreign, user=keeper)
    kinds = {kind.code: kind for kind in form.kinds}

    assert [(work.value, work.is_chosen) for work in kinds["ЦКР-9"].unknown] == [(FOREIGN[0], True)]
    assert (kinds["ЦКР-9"].title, kinds["ЦКР-9"].is_unknown, kinds["ЦКР-9"].chosen) == ("Вид работы ЦКР-9", True, 1)
    assert [work.value for work in kinds["VPR"].unknown] == [*FOREIGN[1:]]
    assert kinds["VPR"].chosen == 14
    assert [work.label for work in kinds["VPR"].unknown] == ["ВПР, ЯЗ-2, 5 класс", "ВПР, русский язык, 12 класс"]
    assert ("кадетский корпус", "кадетский корпус — редактор не знает") in choices(form, "exclude_types")
    assert ("ЦКР-9", "ЦКР-9 — редактор не знает") in choices(form, "ranking_rule-groups")
    assert ("СТАРЫЙ", "СТАРЫЙ — такого правила нет") in choices(form, "shnsu_rule-index")


def choices(form: RuleSetForm, name: str) -> list[tuple[str, str]]:
    field: Any = form.fields[name]
    return list(field.choices)


def test_unknown_work_goes_when_its_box_is_cleared(foreign: IdentificationRuleSet, keeper: User) -> None:
    cells = [cell for cell in initial_of(foreign)["procedures"] if cell != FOREIGN[0]]
    form = filled(foreign, keeper, procedures=cells, ranking_rule__groups=["VPR"])

    assert errors_of(form) == {}
    assert form.rules
    assert {each.kind for each in form.rules.procedures} == {"VPR", "OGE", "EGE"}
    assert ("VPR", "ЯЗ-2", 5) in form.rules.procedures
    assert {kind.code: kind.chosen for kind in form.kinds}["ЦКР-9"] == 0  # still drawn, to be taken back


def test_unknown_kind_needs_its_definition(foreign: IdentificationRuleSet, keeper: User) -> None:
    form = filled(foreign, keeper, **{"low_definition__ЦКР-9": ""})

    assert errors_of(form) == {"low_definition-ЦКР-9": ["Выберите, какой результат считать низким."]}


# Two people


def test_merge_takes_what_only_the_other_changed(draft: IdentificationRuleSet, keeper: User) -> None:
    seen = initial_of(draft)
    theirs = {**seen, "year": 2030, "share_threshold_pct": 35, "count_subject_once": True, "exclude_types": ["НОШ"]}
    data = sent(draft, keeper, title="Моё", share_threshold_pct="40", min_participants="5")

    merge = merged(data, seen=seen, theirs=theirs, form=RuleSetForm(data, rule_set=draft, user=keeper))

    assert [(clash.title, clash.theirs, clash.mine) for clash in merge.clashes] == [
        ("Доля низких результатов не менее, %", "35", "40")
    ]
    taken = {name: merge.data.getlist(name) for name in ("year", "count_subject_once", "exclude_types")}
    assert taken == {"year": ["2030"], "count_subject_once": ["on"], "exclude_types": ["НОШ"]}
    kept = {name: merge.data[name] for name in ("title", "share_threshold_pct", "min_participants")}
    assert kept == {"title": "Моё", "share_threshold_pct": "40", "min_participants": "5"}


def test_same_change_of_both_is_no_clash(draft: IdentificationRuleSet, keeper: User) -> None:
    seen = initial_of(draft)
    data = sent(draft, keeper, share_threshold_pct="40", combine="ALL")

    merge = merged(
        data,
        seen=seen,
        theirs={**seen, "share_threshold_pct": 40, "combine": "ALL"},
        form=RuleSetForm(data, rule_set=draft, user=keeper),
    )

    assert merge.clashes == ()


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("count_subject_once", True, "да"),
        ("count_subject_once", False, "нет"),
        ("combine", "ALL", "нужны оба"),
        ("exclude_types", ["НОШ", "лицей"], "начальная школа, лицей"),
        ("exclude_types", [], "пусто"),
        ("procedures", ["VPR-RU-5", "забор", "VPR-RU-4"], "ВПР: русский язык 4, 5"),
        ("procedures", None, "ничего"),
        ("basis", None, "пусто"),
        ("year", 2026, "2026"),
        ("title", "", "пусто"),
    ],
)
def test_value_in_words(draft: IdentificationRuleSet, keeper: User, name: str, value: Any, words: str) -> None:
    form = RuleSetForm(rule_set=draft, user=keeper)

    assert in_words(form.fields[name], value) == words


# Clusters of the region


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        pytest.param(
            ASSIGNED,
            "Выбран «кластер региона», а набор не указан. Укажите набор или снимите «кластер региона».",
            id="no set",
        ),
        pytest.param(
            {**RELATIVE, "relative_rule__cluster_set": CODE},
            "Набор указан, а «кластер региона» не выбран. Отметьте «кластер региона» или уберите набор.",
            id="set that nobody asks for",
        ),
        pytest.param(
            {**ASSIGNED, "relative_rule__cluster_set": "ЧУЖОЙ"}, "Выберите набор кластеров из списка.", id="foreign set"
        ),
    ],
)
def test_wrong_set_of_clusters_is_told_at_its_field(
    draft: IdentificationRuleSet, changes: dict[str, Any], error: str
) -> None:
    region = make_region()
    make_cluster_set(region, {make_school(): "А"})
    make_cluster_set(make_region(), {make_school(): "А"}, code="ЧУЖОЙ")

    form = filled(draft, make_user(role=Role.REGIONAL_ADMIN, territory=region), **changes)

    assert errors_of(form) == {"relative_rule-cluster_set": [error]}


def test_sets_that_the_person_sees_are_offered_and_the_stored_one(draft: IdentificationRuleSet) -> None:
    region = make_region()
    keeper = make_user(role=Role.REGIONAL_ADMIN, territory=region)
    make_cluster_set(region, {make_school(): "А"})
    form = filled(draft, keeper, **ASSIGNED, relative_rule__cluster_set=CODE)
    draft.parameters = form.content().parameters

    ClusterSet.objects.all().delete()

    assert form.rules
    assert form.rules.relative_rule
    assert form.rules.relative_rule.cluster_set == CODE
    assert form.fields["relative_rule-cluster_set"].choices == [  # type: ignore[attr-defined]
        ("", "не выбран"),
        (CODE, f"{CODE} — Кластеры РСОКО"),
    ]
    assert RuleSetForm(rule_set=draft, user=keeper).fields["relative_rule-cluster_set"].choices == [  # type: ignore[attr-defined]
        ("", "не выбран"),
        (CODE, f"{CODE} — такого набора нет"),
    ]
