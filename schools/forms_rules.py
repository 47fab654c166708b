"""Forms of rule sets: a new code, the editor of a draft, two versions to compare."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, cast

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict

from accounts.forms import RowChoiceField
from accounts.models import User
from schools.actions.rule_drafts import Content
from schools.identification import PARAMETERS, Kind, Parameter, Procedure, Rules, RulesRefused
from schools.models import ClusterSet, IdentificationRuleSet, LegalAct
from schools.rule_fields import (
    ProceduresField,
    cluster_sets,
    fields,
    procedures_of,
    shown_values,
    stored_values,
    work_of,
)
from schools.rule_matrix import MatrixKind, matrix
from schools.rule_problems import said
from schools.rule_words import procedures_words
from schools.version_fields import TEXT_LENGTH, CodeField, LinesField, acts_for, basis_field, title_field, year_field

GROUPS: Final = frozenset({Kind.CHOICES, Kind.KINDS, Kind.STRINGS})  # drawn as boxes under a legend


class NewSetForm(forms.Form):
    """A rule set under a code of its own, copied from a version that is there."""

    code = CodeField(
        label="Код",
        help_text="Латинские или русские буквы, цифры и дефис, например REG-2026. Строчные буквы станут заглавными",
        error_messages={"required": "Укажите код набора."},
    )
    source = RowChoiceField(
        queryset=IdentificationRuleSet.objects.all(),
        label="Взять параметры из",
        empty_label=None,
        error_messages={"required": "Выберите набор.", "invalid_choice": "Выберите набор из списка."},
    )


class CompareForm(forms.Form):
    """Two versions to set side by side."""

    first = RowChoiceField(IdentificationRuleSet.objects.all(), label="Первая версия", required=False)
    second = RowChoiceField(IdentificationRuleSet.objects.all(), label="Вторая версия", required=False)
    everything = forms.BooleanField(label="Показать и одинаковые параметры", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(each.pk, str(each)) for each in IdentificationRuleSet.objects.all()]
        for name in ("first", "second"):
            self.fields[name].choices = [("", "Выберите версию"), *choices]  # type: ignore[attr-defined]
            self.fields[name].error_messages["invalid_choice"] = "Выберите версию из списка."


@dataclass(frozen=True, kw_only=True)
class Row:
    """What the page draws for a parameter. look: field, switch, boxes, rule; switch: of a rule that may be off."""

    look: str
    title: str
    hint: str = ""
    field: BoundField | None = None
    switch: BoundField | None = None
    rows: tuple["Row", ...] = ()


@dataclass(frozen=True, kw_only=True)
class SectionOfForm:
    anchor: str
    title: str
    rows: tuple[Row, ...]


class RuleSetForm(forms.Form):
    """A draft with all its parameters. Wrong ones are told at their fields; `rules` are there when all is well."""

    title = title_field()
    year = year_field("Год, с которого действует")
    provenance = LinesField(
        label="Происхождение параметров",
        required=False,
        max_length=TEXT_LENGTH,
        help_text="Откуда взяты значения и что в них не официальное. Печатается вместе с выводами",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    justification = LinesField(
        label="Обоснование изменений",
        required=False,
        max_length=TEXT_LENGTH,
        help_text="Почему эта версия отличается от той, из которой сделана",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    basis = basis_field()

    def __init__(self, *args: Any, rule_set: IdentificationRuleSet, user: User, **kwargs: Any) -> None:
        stored = Rules.from_parameters(rule_set.parameters).to_parameters()
        kwargs.setdefault("initial", initial_of(rule_set, stored))
        super().__init__(*args, **kwargs)
        self.rule_set = rule_set
        self.rules: Rules | None = None
        self.fields["basis"].queryset = acts_for(rule_set, user)  # type: ignore[attr-defined]
        self.fields.update(fields(stored))
        self.offer_cluster_sets((stored["relative_rule"] or {}).get("cluster_set", ""), user)
        for name, field in self.fields.items():
            dress(field, f"id_{name}")

    def offer_cluster_sets(self, stored: str, user: User) -> None:
        """Offer the sets that the person sees, and the one that the version names."""
        field: Any = self.fields["relative_rule-cluster_set"]
        field.choices = cluster_sets(ClusterSet.objects.visible_to(user), stored)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self.forgive_switched_off()
        self.ask_for_low_definitions()
        if not self.errors:
            self.judge(cleaned)
        return cleaned

    def forgive_switched_off(self) -> None:
        """Take back the errors of the rules that are off: nobody asks for their values."""
        for parameter in optional_rules():
            if not self.cleaned_data.get(f"{parameter.name}-on"):
                for part in parameter.parts:
                    self.errors.pop(f"{parameter.name}-{part.name}", None)

    def ask_for_low_definitions(self) -> None:
        """Ask for each chosen kind of works what is low in it, at the kind itself."""
        kinds = dict.fromkeys(work_of(cell).kind for cell in self.cleaned_data.get("procedures", []))
        for name in (f"low_definition-{kind}" for kind in kinds):
            if not self.cleaned_data.get(name) and name not in self.errors:
                self.add_error(name, "Выберите, какой результат считать низким.")

    def judge(self, cleaned: Mapping[str, Any]) -> None:
        """Read the rule as a run will; say at the fields what contradicts what."""
        try:
            self.rules = Rules.from_parameters(stored_values(cleaned))
        except RulesRefused as refused:
            for field, text in map(said, refused.problems):
                self.add_error(self.place_of(field), text)

    def place_of(self, field: str) -> str | None:
        return next((name for name in (field, f"{field}-on") if name in self.fields), None)

    def content(self, basis: LegalAct | None = None) -> Content:
        """Return what a valid form says. basis: a new document, which goes before the chosen one."""
        cleaned = self.cleaned_data
        return Content(
            title=cleaned["title"],
            year=cleaned["year"],
            provenance=cleaned["provenance"],
            justification=cleaned["justification"],
            basis=basis or cleaned["basis"],
            parameters=stored_values(cleaned),
        )

    # What the page draws

    @cached_property
    def sections(self) -> list[SectionOfForm]:
        sections: dict[str, list[Row]] = {}
        for parameter in PARAMETERS:
            sections.setdefault(parameter.section, []).extend(self.rows_of(parameter))
        return [
            SectionOfForm(anchor=f"s-{number}", title=str(title), rows=tuple(rows))
            for number, (title, rows) in enumerate(sections.items(), start=1)
        ]

    def rows_of(self, parameter: Parameter) -> Iterator[Row]:
        match parameter.kind:
            case Kind.PROCEDURES:
                yield Row(look="matrix", title=parameter.title, hint=parameter.hint, field=self["procedures"])
            case Kind.LOW_DEFINITION:
                return  # stands in the matrix, beside the works that it is about
            case Kind.LOW_LEVELS:
                scales = tuple(self.row(name, "boxes") for name in self.fields if name.startswith(f"{parameter.name}-"))
                yield Row(look="rule", title=parameter.title, hint=parameter.hint, rows=scales)
            case Kind.RULE:
                yield self.rule_row(parameter)
            case _:
                yield self.row(parameter.name, look_of(parameter))

    def rule_row(self, parameter: Parameter) -> Row:
        switch = self[f"{parameter.name}-on"] if parameter.is_optional else None
        rows = tuple(self.row(f"{parameter.name}-{part.name}", look_of(part)) for part in parameter.parts)
        return Row(look="rule", title=parameter.title, hint=parameter.hint, switch=switch, rows=rows)

    def row(self, name: str, look: str) -> Row:
        field = self[name]
        return Row(look=look, title=str(field.label), hint=str(field.help_text), field=field)

    @cached_property
    def kinds(self) -> list[MatrixKind]:
        """Return the matrix of procedures, kind by kind, with the rows that are asked for."""
        wanted = self.data.getlist("add") if isinstance(self.data, QueryDict) else []
        asked = {kind: str(self.data.get(f"more-{kind}", "")) for kind in wanted}
        kept = cast("ProceduresField", self.fields["procedures"]).kept
        return matrix(self["procedures"].value() or [], self, asked, kept)


def optional_rules() -> Iterator[Parameter]:
    return (each for each in PARAMETERS if each.kind is Kind.RULE and each.is_optional)


def look_of(parameter: Parameter) -> str:
    if parameter.kind is Kind.BOOLEAN:
        return "switch"
    return "boxes" if parameter.kind in GROUPS else "field"


def dress(field: forms.Field, field_id: str) -> None:
    """Give a widget its look and tie it to its hint and to the place of its error."""
    widget: Any = field.widget
    if isinstance(widget, forms.CheckboxInput | forms.CheckboxSelectMultiple):
        css = "form-check-input"
    else:
        css = "form-select" if isinstance(widget, forms.Select) else "form-control"
    hint = f"{field_id}_hint " if field.help_text else ""
    widget.attrs.update({"class": css, "aria-describedby": f"{hint}{field_id}_error"})


def initial_of(rule_set: IdentificationRuleSet, parameters: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return field name -> value of a version, also of one that was stored before some parameter was there.

    parameters: its complete ones, when they are at hand.
    """
    stored = parameters or Rules.from_parameters(rule_set.parameters).to_parameters()
    return {
        "title": rule_set.title,
        "year": rule_set.year,
        "provenance": rule_set.provenance.strip(),
        "justification": rule_set.justification.strip(),
        "basis": rule_set.basis_document_id,
        **shown_values(stored),
    }


# Two people at one draft


@dataclass(frozen=True, kw_only=True)
class Clash:
    """A field that both have changed, with both values in words."""

    name: str
    title: str
    theirs: str
    mine: str


@dataclass(frozen=True, kw_only=True)
class Merge:
    """What was sent, with the values of fields that only the other person has changed; and where both did."""

    data: QueryDict
    clashes: tuple[Clash, ...]


def merged(data: QueryDict, *, seen: Mapping[str, Any], theirs: Mapping[str, Any], form: RuleSetForm) -> Merge:
    """Bring together two changes of one edition. seen: initial values of that edition; theirs: of the newest."""
    result = data.copy()
    clashes = []
    for name, field in form.fields.items():
        mine = field.widget.value_from_datadict(data, {}, name)
        if (
            name not in theirs
            or (name in seen and seen[name] == theirs[name])
            or not field.has_changed(theirs[name], mine)
        ):
            continue
        if name not in seen or field.has_changed(seen[name], mine):
            title, their_words = str(field.label), in_words(field, theirs[name])
            clashes.append(Clash(name=name, title=title, theirs=their_words, mine=in_words(field, mine)))
        else:
            take(result, form[name], theirs[name])
    return Merge(data=result, clashes=tuple(clashes))


def take(data: QueryDict, field: BoundField, value: Any) -> None:
    """Put a value into what was sent, as a form sends it."""
    if isinstance(field.field, forms.BooleanField):
        data.setlist(field.html_name, ["on"] if value else [])
    elif isinstance(value, list):
        data.setlist(field.html_name, value)
    elif isinstance(field.field, forms.ChoiceField):
        data[field.html_name] = str(value or "")
    else:
        data[field.html_name] = str(field.field.widget.format_value(value) or "")


def in_words(field: forms.Field, value: Any) -> str:
    """Return a value as a person would read it."""
    if isinstance(field, forms.BooleanField):
        return "да" if value else "нет"
    values = [str(each) for each in (value if isinstance(value, list) else [value]) if each not in {None, ""}]
    if isinstance(field, ProceduresField):
        cells = [each for each in values if field.valid_value(each)]
        return procedures_words([Procedure(**row) for row in procedures_of(cells)]) or "ничего"
    titles = {str(key): str(title) for key, title in getattr(field, "choices", ())}
    return ", ".join(titles.get(each, each) for each in values) or "пусто"
