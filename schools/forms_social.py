"""Forms of the social index: start a run, write a new version of the rule."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from decimal import Decimal
from typing import Any, Final

from django import forms

from accounts.forms import RowChoiceField
from schools.access import Scope
from schools.actions.identification import REASON_LENGTH
from schools.choices import StatisticForm
from schools.forms_identification import TerritoryYearForm, between
from schools.models import SchoolStatistic, SocialIndexRule
from schools.social import Problem, SocialRule, SocialRuleRefused, place_of

COMPLETENESS: Final = "Введите процент больше 1 и до 100."
PAIR: Final = 2  # fields that a problem may be about and still stand at the first of them
NUMBERS: Final = (("weight", "Вес"), ("low", "Нижняя граница, %"), ("high", "Верхняя граница, %"))


class SocialStartForm(TerritoryYearForm):
    """A territory, a year that has data of the contingent, a rule."""

    year = forms.TypedChoiceField(
        coerce=int,
        label="Контингент на 1 октября",
        error_messages={"required": "Выберите год.", "invalid_choice": "За этот год сведений нет."},
    )
    rule = RowChoiceField(
        queryset=SocialIndexRule.objects.all(),
        label="Правило",
        required=False,
        empty_label=None,
        error_messages={"invalid_choice": "Выберите правило из списка."},
    )

    def years_of(self, scope: Scope) -> list[tuple[int, str]]:
        told = SchoolStatistic.objects.filter(scope.schools_q("school__"), form=StatisticForm.CONTINGENT)
        years = told.order_by("-year").values_list("year", flat=True).distinct()
        return [(year, f"{year} года") for year in years]


def number_field(label: str, high: int, digits: int) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        min_value=0,
        max_value=high,
        decimal_places=digits,
        localize=True,  # people write «0,25»
        widget=forms.TextInput(attrs={"class": "form-control form-control-sm", "inputmode": "decimal"}),
        error_messages={**between(0, high), "max_decimal_places": f"Не больше {digits} знаков после запятой."},
    )


class CompletenessField(forms.DecimalField):
    """A share of the weight in per cent. «0,8» may be meant as a share, so it is asked about, never taken for 0,8 %."""

    def clean(self, value: Any) -> Decimal | None:
        percent: Decimal | None = super().clean(value)
        if percent is not None and percent <= 1:
            share = f"{percent.normalize():f}".replace(".", ",")
            meant = f"{(100 * percent).normalize():f}".replace(".", ",")
            words = f"Введите процент больше 1 и до 100: доля {share} — это {meant}." if percent else COMPLETENESS
            raise forms.ValidationError(words, code="share")
        return percent


def completeness_field() -> forms.DecimalField:
    return CompletenessField(
        label="Наименьшая полнота данных, % веса",
        min_value=0,
        max_value=100,
        decimal_places=2,
        localize=True,
        widget=forms.TextInput(attrs={"class": "form-control form-control-sm", "inputmode": "decimal"}),
        error_messages={
            **dict.fromkeys(("required", "invalid", "min_value", "max_value"), COMPLETENESS),
            "max_decimal_places": "Не больше 2 знаков после запятой.",
        },
    )


class SocialRuleForm(forms.Form):
    """Numbers of a new version. Whatever makes no index of them is told at once, at the fields it is about."""

    cut = number_field("ШНСУ, если индекс меньше", 100, 2)
    completeness_min = completeness_field()
    provenance = forms.CharField(
        label="Обоснование: кто и каким документом утвердил эти числа",
        min_length=REASON_LENGTH,
        max_length=4000,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 4}),
        error_messages={
            "required": "Напишите, на чём основаны новые числа.",
            "min_length": f"Обоснование печатается рядом с выводами: напишите не менее {REASON_LENGTH} знаков.",
        },
    )

    def __init__(self, *args: Any, parameters: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parameters = parameters
        for indicator in parameters["indicators"]:
            for name, label in NUMBERS:
                high = 1 if name == "weight" else 100
                field = number_field(f"{indicator['title']}: {label.lower()}", high, 4)
                self.fields[place_of(indicator["code"], name)] = field

    @classmethod
    def of(cls, rule: SocialIndexRule) -> "SocialRuleForm":
        """Return the form with the numbers of a version."""
        parameters = rule.parameters
        percent = 100 * Decimal(parameters["completeness_min"])
        initial = {"cut": Decimal(parameters["cut"]), "completeness_min": int(percent) if percent % 1 == 0 else percent}
        for indicator in parameters["indicators"]:
            initial |= {place_of(indicator["code"], name): Decimal(indicator[name]) for name, _ in NUMBERS}
        return cls(initial=initial, parameters=parameters)

    @property
    def rows(self) -> Iterator[tuple[str, list[Any]]]:
        """Yield the title of each indicator with its three inputs."""
        for indicator in self.parameters["indicators"]:
            yield indicator["title"], [self[place_of(indicator["code"], name)] for name, _ in NUMBERS]

    def clean(self) -> dict[str, Any]:
        """Ask the rule what makes no index, also while other fields are still wrong."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        try:
            SocialRule.from_parameters(self.parameters_of(cleaned))
        except SocialRuleRefused as refused:
            unread = frozenset(self.errors)
            for problem in refused.found:
                if unread.isdisjoint(problem.places):  # what hangs on a number that could not be read waits for it
                    self.tell(problem)
        return cleaned

    def tell(self, problem: Problem) -> None:
        """Put a problem at its field; one of many fields above them."""
        self.add_error(problem.places[0] if 0 < len(problem.places) <= PAIR else None, problem.text)

    def changed_parameters(self) -> dict[str, Any]:
        """Return the parameters of the version with the numbers of the form."""
        return self.parameters_of(self.cleaned_data)

    def parameters_of(self, cleaned: Mapping[str, Any]) -> dict[str, Any]:
        """Return the parameters of the version with the numbers that are known; the others as they were."""
        changed = deepcopy(dict(self.parameters))
        if "cut" in cleaned:
            changed["cut"] = str(cleaned["cut"])
        if "completeness_min" in cleaned:
            changed["completeness_min"] = str(cleaned["completeness_min"] / 100)
        for indicator in changed["indicators"]:
            known = ((name, cleaned.get(place_of(indicator["code"], name))) for name, _ in NUMBERS)
            indicator |= {name: str(number) for name, number in known if number is not None}
        return changed
