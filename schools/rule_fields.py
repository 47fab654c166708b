"""Fields of the editor of rules, made from the declared parameters; their values as forms show and rules store them.

A field is named as the parameter; a part of a nested rule, a kind of works or a scale comes after a hyphen:
«share_threshold_pct», «relative_rule-cut», «low_definition-VPR», «low_levels-KDR4», and «relative_rule-on» switches.
What a stored rule has and the editor does not know — a kind of works, a subject, a kind of schools — is offered as it
is, so that it stays until somebody takes it out.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from django import forms

from schools.choices import SchoolKind
from schools.identification import PARAMETERS, Kind, Parameter, Procedure
from schools.intake.level_scales import all_scales
from schools.intake.subjects import BY_CODE
from schools.intake.vocabulary import PROCEDURE_NAMES
from schools.models import SocialIndexRule
from schools.models.clusters import ClusterSetQuerySet
from schools.rule_comparison import place_of

MOST: Final = 100_000
CELL: Final = re.compile(r"([A-Z0-9]+)-([A-Z]+)-([1-9]|1[01])")
NOT_KNOWN: Final = "редактор не знает"

Values = Mapping[str, Any]


def bounds(least: str, most: str, *, is_whole: bool = True) -> dict[str, str]:
    """Return the same words for every way to miss the bounds of a number."""
    what = "целое число" if is_whole else "число"
    return dict.fromkeys(("required", "invalid", "min_value", "max_value"), f"Введите {what} от {least} до {most}.")


def integer_field(parameter: Parameter) -> forms.Field:
    least = parameter.least or 0
    errors = bounds(str(least), "100 000")
    return forms.IntegerField(min_value=least, max_value=MOST, error_messages=errors)


def decimal_field(parameter: Parameter) -> forms.Field:
    most = 100 if parameter.kind is Kind.PERCENT else 1_000_000
    words = bounds("0,01", "100" if parameter.kind is Kind.PERCENT else "1 000 000", is_whole=False)
    return forms.DecimalField(
        min_value=Decimal("0.01"),
        max_value=most,
        decimal_places=2,
        localize=True,  # people write «30,5»
        error_messages={**words, "max_decimal_places": "Не больше двух знаков после запятой."},
    )


class IntegersField(forms.CharField):
    """Whole numbers through commas, each greater than the one before: «100, 300, 600»."""

    def clean(self, value: Any) -> list[int]:
        parts = [part for part in re.split(r"[\s,;]+", super().clean(value)) if part]
        if not all(re.fullmatch(r"[1-9]\d{0,5}", part) for part in parts):
            raise forms.ValidationError("Перечислите целые числа через запятую, например: 100, 300, 600.")
        numbers = [int(part) for part in parts]
        if numbers != sorted(set(numbers)):
            raise forms.ValidationError("Каждое число должно быть больше предыдущего.")
        return numbers


class ProceduresField(forms.MultipleChoiceField):
    """Works chosen in a matrix. kept: cells of the stored rule that the matrix has no place for."""

    def __init__(self, *, kept: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.kept = tuple(kept)

    def valid_value(self, value: str) -> bool:
        return is_known(value) or value in self.kept


def is_known(cell: str) -> bool:
    """Answer whether a cell has a place in the matrix."""
    found = CELL.fullmatch(cell)
    return bool(found and found.group(1) in PROCEDURE_NAMES and found.group(2) in BY_CODE)


def cell_of(row: Mapping[str, Any]) -> str:
    """Return «VPR-RU-5», a kind, a subject and a grade of the programme; a work that is not known as a JSON list."""
    parts = row["kind"], row["subject"], row["grade"]
    cell = "-".join(map(str, parts))
    return cell if is_known(cell) else json.dumps(parts, ensure_ascii=False)


def work_of(cell: str) -> Procedure:
    """Return the work of a valid cell."""
    kind, subject, grade = cell.split("-") if is_known(cell) else json.loads(cell)
    return Procedure(kind, subject, int(grade))


def choice_field(parameter: Parameter) -> forms.Field:
    errors = dict.fromkeys(("required", "invalid_choice"), "Выберите значение из предложенных.")
    return forms.ChoiceField(choices=list((parameter.choices or {}).items()), error_messages=errors)


def social_rules(stored: Any = None) -> list[tuple[str, str]]:
    """Return the codes of the rules of the social index, newest titles, with the stored one if it is none of them."""
    rules = SocialIndexRule.objects.order_by("code", "version").values_list("code", "title")
    titles = {code: f"{code} — {title}" for code, title in rules}
    if stored and stored not in titles:
        titles[stored] = f"{stored} — такого правила нет"
    return [("", "любой"), *titles.items()]


def cluster_sets(sets: ClusterSetQuerySet, stored: str) -> list[tuple[str, str]]:
    """Return the codes of cluster sets, newest titles, with the stored one if it is none of them. One query."""
    titles = {
        code: f"{code} — {title}" for code, title in sets.order_by("code", "version").values_list("code", "title")
    }
    if stored and stored not in titles:
        titles[stored] = f"{stored} — такого набора нет"
    return [("", "не выбран"), *titles.items()]


def code_field(parameter: Parameter, stored: Any = None) -> forms.Field:
    """Return the choice of a code; of cluster sets the form offers those that its person sees."""
    if parameter.name == "cluster_set":
        errors = {"invalid_choice": "Выберите набор кластеров из списка."}
        return forms.ChoiceField(required=False, error_messages=errors)
    error = "Выберите правило индекса из списка."
    return forms.ChoiceField(choices=social_rules(stored), required=False, error_messages={"invalid_choice": error})


def choices_of(parameter: Parameter) -> list[tuple[str, str]]:
    """Return what can be chosen for a parameter of several values."""
    match parameter.kind:
        case Kind.CHOICES:
            return list((parameter.choices or {}).items())
        case Kind.STRINGS:
            return [(str(value), str(label)) for value, label in SchoolKind.choices]
        case _:
            return list(PROCEDURE_NAMES.items())


def choices_field(parameter: Parameter, stored: Any = None) -> forms.Field:
    is_required = parameter.kind is not Kind.STRINGS
    errors = {"required": "Выберите хотя бы одно.", "invalid_choice": "Выберите из предложенных."}
    known = choices_of(parameter)
    foreign = [each for each in stored or () if each not in dict(known)]
    return forms.MultipleChoiceField(
        choices=[*known, *((each, f"{each} — {NOT_KNOWN}") for each in foreign)],
        required=is_required,
        widget=forms.CheckboxSelectMultiple,
        error_messages=errors,
    )


def procedures_field(_: Parameter, stored: Any = None) -> forms.Field:
    errors = {
        "required": "Выберите хотя бы одну процедуру.",
        "invalid_choice": "Процедуры «%(value)s» нет. Выберите её в таблице.",
    }
    kept = [cell for cell in map(cell_of, stored or ()) if not is_known(cell)]
    return ProceduresField(kept=kept, error_messages=errors)


FIELDS: Final[Mapping[Kind, Callable[[Parameter], forms.Field]]] = {
    Kind.INTEGER: integer_field,
    Kind.INTEGERS: lambda _: IntegersField(required=False, max_length=100),
    Kind.DECIMAL: decimal_field,
    Kind.PERCENT: decimal_field,
    Kind.BOOLEAN: lambda _: forms.BooleanField(required=False),
    Kind.CHOICE: choice_field,
    Kind.CHOICES: choices_field,
}
STORED_FIELDS: Final[Mapping[Kind, Callable[[Parameter, Any], forms.Field]]] = {  # they offer what is stored too
    Kind.CODE: code_field,
    Kind.STRINGS: choices_field,
    Kind.KINDS: choices_field,
    Kind.PROCEDURES: procedures_field,
}


def fields(parameters: Values) -> Iterator[tuple[str, forms.Field]]:
    """Yield the name and the field of everything that a rule set holds. parameters: of the stored version, complete."""
    for parameter in PARAMETERS:
        yield from fields_of(parameter, parameters[parameter.name])


def fields_of(parameter: Parameter, stored: Any = None) -> Iterator[tuple[str, forms.Field]]:
    name = parameter.name
    match parameter.kind:
        case Kind.LOW_DEFINITION:
            choices = [("", "не выбрано"), *(parameter.choices or {}).items()]
            for kind in all_kinds(stored or {}):
                title = PROCEDURE_NAMES.get(kind, f"Вид работы {kind}")
                yield f"{name}-{kind}", forms.ChoiceField(choices=choices, required=False, label=title)
        case Kind.LOW_LEVELS:
            yield from level_fields(name)
        case Kind.RULE:
            if parameter.is_optional:
                yield f"{name}-on", forms.BooleanField(required=False, label=parameter.title)
            for part in parameter.parts:
                yield f"{name}-{part.name}", labelled(part, (stored or {}).get(part.name))
        case _:
            yield name, labelled(parameter, stored)


def all_kinds(definitions: Iterable[str]) -> list[str]:
    """Return the kinds of works that the editor knows, then those that only the rule does."""
    return list(dict.fromkeys([*PROCEDURE_NAMES, *definitions]))


def level_fields(name: str) -> Iterator[tuple[str, forms.Field]]:
    for code, scale in sorted(all_scales().items()):
        levels = [(level.code, level.title) for level in scale.levels]
        widget = forms.CheckboxSelectMultiple
        yield (
            f"{name}-{code}",
            forms.MultipleChoiceField(choices=levels, required=False, label=scale.title, widget=widget),
        )


def labelled(parameter: Parameter, stored: Any = None) -> forms.Field:
    make = STORED_FIELDS.get(parameter.kind)
    field = make(parameter, stored) if make else FIELDS[parameter.kind](parameter)
    unit = ", %" if parameter.kind is Kind.PERCENT and "%" not in parameter.title else ""
    field.label, field.help_text = f"{parameter.title}{unit}", parameter.hint
    return field


# Values


def shown_values(parameters: Values) -> dict[str, Any]:
    """Return field name -> value of stored parameters, complete ones; a rule that is off shows its defaults."""
    return dict(pair for parameter in PARAMETERS for pair in shown(parameter, parameters[parameter.name]))


def shown(parameter: Parameter, value: Any) -> Iterator[tuple[str, Any]]:
    name = parameter.name
    match parameter.kind:
        case Kind.LOW_DEFINITION:
            yield from ((f"{name}-{kind}", value.get(kind, "")) for kind in all_kinds(value))
        case Kind.LOW_LEVELS:
            yield from ((f"{name}-{code}", value.get(code, [])) for code in all_scales())
        case Kind.RULE:
            if parameter.is_optional:
                yield f"{name}-on", value is not None
            table = value or plain_defaults(parameter)
            yield from ((f"{name}-{part.name}", shown_plain(part, table[part.name])) for part in parameter.parts)
        case _:
            yield name, shown_plain(parameter, value)


def plain_defaults(parameter: Parameter) -> Values:
    """Return the parts of a nested rule as they are when nobody has said otherwise."""
    rule = parameter.rule() if parameter.rule else None
    return {part.name: getattr(rule, part.name) for part in parameter.parts}


def shown_plain(parameter: Parameter, value: Any) -> Any:
    match parameter.kind:
        case Kind.PERCENT | Kind.DECIMAL:
            exact = Decimal(value)
            return int(exact) if exact == int(exact) else exact
        case Kind.INTEGERS:
            return ", ".join(map(str, value))
        case Kind.PROCEDURES:
            return [cell_of(row) for row in value]
        case Kind.CHOICES | Kind.KINDS | Kind.STRINGS:
            return [str(each) for each in value]
        case Kind.CHOICE | Kind.CODE:
            return str(value)
        case _:
            return value


def stored_values(cleaned: Values) -> dict[str, Any]:
    """Return the parameters, as a rule set stores them, of cleaned fields."""
    return {parameter.name: stored(parameter, cleaned) for parameter in PARAMETERS}


def stored(parameter: Parameter, cleaned: Values) -> Any:
    name = parameter.name
    match parameter.kind:
        case Kind.LOW_DEFINITION:
            kinds = (key.removeprefix(f"{name}-") for key in cleaned if key.startswith(f"{name}-"))
            return {kind: chosen for kind in kinds if (chosen := cleaned[f"{name}-{kind}"])}
        case Kind.LOW_LEVELS:
            return {code: chosen for code in sorted(all_scales()) if (chosen := cleaned[f"{name}-{code}"])}
        case Kind.RULE:
            if parameter.is_optional and not cleaned[f"{name}-on"]:
                return None
            return {part.name: stored_plain(part, cleaned[f"{name}-{part.name}"]) for part in parameter.parts}
        case _:
            return stored_plain(parameter, cleaned[name])


def stored_plain(parameter: Parameter, value: Any) -> Any:
    match parameter.kind:
        case Kind.PERCENT | Kind.DECIMAL:
            return str(value)
        case Kind.PROCEDURES:
            return procedures_of(value)
        case _:
            return value


def procedures_of(cells: Sequence[str]) -> list[dict[str, Any]]:
    """Return {kind, subject, grade} of the chosen cells: by kind, then grade, then subject, as they are listed."""
    return [work._asdict() for work in sorted(map(work_of, dict.fromkeys(cells)), key=place_of)]
