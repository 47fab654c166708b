"""Forms of the registry: each is one act on a school, tells in words what it will do, and does it by one action."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, Final

from django import forms

from accounts.forms import RowChoiceField
from accounts.models import User
from accounts.permissions import Permission
from accounts.russian import long_date
from schools.access import scope_of
from schools.actions import registry, reorganisation
from schools.choices import STATUS_TRANSITIONS, Locality, SchoolKind, SchoolStatus
from schools.forms import LegalActForm
from schools.intake.identifiers import LOGIN, is_inn, is_ogrn
from schools.models import LegalAct, School, Territory

KIND_ERRORS: Final = {"required": "Выберите вид школы.", "invalid_choice": "Выберите вид из предложенных."}
NAME_ERRORS: Final = {"required": "Укажите краткое название."}
ENDED: Final = "Результаты, перечни, профили и карты останутся за ней."


class LoginField(forms.CharField):
    """A login of the federal system: «edu» and six digits, or nothing."""

    def clean(self, value: Any) -> str:
        login = str(super().clean(value) or "").casefold()
        if login and not LOGIN.fullmatch(login):
            raise forms.ValidationError("Логин — «edu» и 6 цифр, например edu123456. Проверьте его.")
        return login


class BasisForm(LegalActForm):
    """The document of a change: it may be left out, but not given by half."""

    TOLD: ClassVar = ("number", "date", "title")  # the rest is filled in beforehand

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, empty_permitted=True, use_required_attribute=False, **kwargs)
        for field in self.fields.values():
            field.required = False

    def has_changed(self) -> bool:
        return any(self.data.get(self.add_prefix(name)) for name in self.TOLD)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name, texts in self.Meta.error_messages.items():
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, texts["required"])
        return cleaned

    def document(self, body: Territory | School) -> LegalAct | None:
        """Return the act, not stored yet, or None when it was left out."""
        return self.for_body(body) if self.has_changed() else None


class RegistryForm(forms.Form):
    """An act on a school from a day on."""

    title: ClassVar[str]
    lead: ClassVar[str] = ""
    verb: ClassVar[str]
    done: ClassVar[str]
    needs_confirmation: ClassVar[bool] = False

    on = forms.DateField(
        label="С какой даты",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Укажите дату.", "invalid": "Введите дату в виде ДД.ММ.ГГГГ."},
    )

    def __init__(self, *args: Any, school: School, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.school, self.user = school, user

    @classmethod
    def is_open_to(cls, school: School) -> bool:
        """Answer whether the state of a school allows the act."""
        return bool(STATUS_TRANSITIONS[SchoolStatus(school.status)])

    def sentences(self) -> list[str]:
        """Return what the act will do, for the page that asks to confirm it."""
        return []

    def perform(self, *, basis: LegalAct | None, at: datetime) -> School:
        """Do it; return the school whose card comes next. Raises ChangeRefused, PermissionDenied."""
        raise NotImplementedError

    def offer(self, field: str, schools: Any) -> None:
        choice = self.fields[field]
        assert isinstance(choice, forms.ModelChoiceField)  # noqa: S101  for the type checker
        choice.queryset = schools

    def heads(self) -> Any:
        """Return the living schools that the person may lead in the registry, but for this one."""
        managed = scope_of(self.user, Permission.MANAGE_SCHOOLS).schools_q()
        return School.objects.living().filter(managed).exclude(pk=self.school.pk).order_by("name", "pk")


def school_choice(label: str) -> RowChoiceField[School]:
    return RowChoiceField(
        label=label,
        queryset=School.objects.none(),
        empty_label="Выберите школу",
        error_messages={"required": "Выберите школу.", "invalid_choice": "Выберите школу из списка."},
    )


class DetailsForm(RegistryForm):
    title = "Изменить сведения"
    lead = "Прежние сведения останутся в истории: документы и загрузки за прошлые годы знают школу под ними."
    verb = "Записать изменение"
    done = "Изменение записано. Прежние сведения остались в истории."

    name = forms.CharField(label="Краткое название", max_length=200, error_messages=NAME_ERRORS)
    full_name = forms.CharField(label="Полное название", max_length=500, required=False)
    kind = forms.ChoiceField(label="Вид", choices=SchoolKind.choices, error_messages=KIND_ERRORS)
    login = LoginField(label="Логин в федеральной системе", max_length=9, required=False)
    gia_code = forms.CharField(label="Код в региональной системе ГИА", max_length=6, required=False)

    def __init__(self, *args: Any, school: School, **kwargs: Any) -> None:
        known = {name: getattr(school, name) for name in registry.DETAILS}
        super().__init__(*args, school=school, **{**kwargs, "initial": {**known, **(kwargs.get("initial") or {})}})

    def details(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in registry.DETAILS}

    def perform(self, *, basis: LegalAct | None, at: datetime) -> School:
        return registry.change_school(
            school=self.school,
            changes=self.details(),
            on=self.cleaned_data["on"],
            basis=basis,
            by=self.user,
            at=at,
        )


class FormerForm(DetailsForm):
    title = "Записать прежние сведения"
    lead = "Как школа называлась и какие коды имела раньше. Нужно, чтобы файлы прошлых лет нашли её."
    verb = "Записать прежние сведения"
    done = "Прежние сведения записаны. Файлы прошлых лет найдут по ним школу."

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].label = "До какой даты"
        self.fields["on"].help_text = "Первый день, когда эти сведения уже не действовали"

    @classmethod
    def is_open_to(cls, school: School) -> bool:  # noqa: ARG003  what was before may be told of any school
        return True

    def perform(self, *, basis: LegalAct | None, at: datetime) -> School:
        registry.record_former(
            school=self.school,
            former=self.details(),
            until=self.cleaned_data["on"],
            basis=basis,
            by=self.user,
            at=at,
        )
        return self.school


class MergeForm(RegistryForm):
    title = "Присоединить к другой школе"
    lead = "Школа прекратит работу, её место займёт преемник. Всё, что за ней записано, останется за ней."
    verb = "Присоединить школу"
    done = "Реорганизация записана. Это карточка преемника."
    needs_confirmation = True

    successor = school_choice("Преемник")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("successor", self.heads())

    def sentences(self) -> list[str]:
        day, heir = long_date(self.cleaned_data["on"]), self.cleaned_data["successor"]
        return [
            f"С {day} {self.school} прекращает работу: состояние станет «реорганизована».",
            f"Преемник — {heir}. В карточках обеих школ появится запись о реорганизации.",
            f"{ENDED} Результаты работ, написанных до этой даты, загружаются на неё, после — на преемника.",
        ]

    def perform(self, *, basis: LegalAct | None, at: datetime) -> School:
        return reorganisation.merge_schools(
            predecessors=[self.school],
            successor=self.cleaned_data["successor"],
            on=self.cleaned_data["on"],
            basis=basis,
            by=self.user,
            at=at,
        )


class NewEntityForm(RegistryForm):
    title = "Новое юридическое лицо"
    lead = "Школа получила другой ИНН, а название, логин и коды перешли к новому юридическому лицу."
    verb = "Завести новое юридическое лицо"
    done = "Заведена новая школа с прежними названием и логином. Назначьте в ней роли сотрудникам."
    needs_confirmation = True

    inn = forms.CharField(label="Новый ИНН", max_length=10, error_messages={"required": "Укажите новый ИНН."})
    ogrn = forms.CharField(label="Новый ОГРН", max_length=13, required=False)

    def clean_inn(self) -> str:
        inn = str(self.cleaned_data["inn"])
        if not is_inn(inn):
            raise forms.ValidationError("ИНН состоит из 10 цифр с верной контрольной. Проверьте его.")
        return inn

    def clean_ogrn(self) -> str:
        ogrn = str(self.cleaned_data["ogrn"])
        if ogrn and not is_ogrn(ogrn):
            raise forms.ValidationError("ОГРН состоит из 13 цифр с верной контрольной. Проверьте его.")
        return ogrn

    def sentences(self) -> list[str]:
        day, inn = long_date(self.cleaned_data["on"]), self.cleaned_data["inn"]
        return [
            f"С {day} школа с ИНН {self.school.inn} прекращает работу: состояние станет «реорганизована».",
            f"Появится школа с ИНН {inn} и теми же названием, видом, логином и кодами.",
            f"{ENDED} Роли сотрудников к новой школе не перейдут: назначьте их.",
        ]

    def perform(self, *, basis: LegalAct | None, at: datetime) -> School:
        return reorganisation.register_anew(
            school=self.school,
            inn=self.cleaned_data["inn"],
            ogrn=self.cleaned_data["ogrn"],
            on=self.cleaned_data["on"],
            basis=basis,
            by=self.user,
            at=at,
        )


class BranchForm(RegistryForm):
    title = "Открыть филиал"
    lead = "Филиал ведётся отдельной строкой реестра со своими результатами. Своего ИНН у него нет."
    verb = "Открыть филиал"
    done = "Филиал открыт. Это его карточка."

    name = forms.CharField(label="Краткое название", max_length=200, error_messages=NAME_ERRORS)
    full_name = forms.CharField(label="Полное название", max_length=500, required=False)
    locality = forms.ChoiceField(label="Населённый пункт", choices=Locality.choices)
    login = LoginField(label="Логин в федеральной системе", max_length=9, required=False)
    gia_code = forms.CharField(label="Код в региональной системе ГИА", max_length=6, required=False)
    students = forms.IntegerField(
        label="Обучающихся",
        min_value=0,
        max_value=20_000,
        required=False,
        error_messages={"invalid": "Введите целое число."},
    )

    @classmethod
    def is_open_to(cls, school: School) -> bool:
        return super().is_open_to(school) and school.parent_id is None

    def perform(self, *, basis: LegalAct | None, at: datetime) -> School:
        details = {name: value for name, value in self.cleaned_data.items() if name != "on"}
        return reorganisation.open_branch(
            parent=self.school,
            details=details,
            on=self.cleaned_data["on"],
            basis=basis,
            by=self.user,
            at=at,
        )


class JoinForm(RegistryForm):
    title = "Сделать филиалом"
    lead = "Карточка, результаты и люди школы останутся, у неё появится головная школа."
    verb = "Сделать филиалом"
    done = "Школа записана филиалом. Её результаты по-прежнему ведутся отдельно."

    parent = school_choice("Головная школа")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("parent", self.heads().filter(parent=None))

    def perform(self, *, basis: LegalAct | None, at: datetime) -> School:
        return reorganisation.make_branch(
            school=self.school,
            parent=self.cleaned_data["parent"],
            on=self.cleaned_data["on"],
            basis=basis,
            by=self.user,
            at=at,
        )


class StatusForm(RegistryForm):
    title = "Изменить состояние"
    lead = "Ликвидированная школа в новые расчёты не попадает, а её прошлое остаётся на месте."
    verb = "Изменить состояние"
    done = "Состояние записано."
    needs_confirmation = True

    status = forms.ChoiceField(
        label="Новое состояние",
        error_messages={"required": "Выберите состояние.", "invalid_choice": "Выберите состояние из предложенных."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ways = STATUS_TRANSITIONS[SchoolStatus(self.school.status)] - {SchoolStatus.REORGANISED}
        choice = self.fields["status"]
        assert isinstance(choice, forms.ChoiceField)  # noqa: S101  for the type checker
        choice.choices = sorted((state.value, state.label) for state in ways)

    def sentences(self) -> list[str]:
        label = SchoolStatus(self.cleaned_data["status"]).label
        told = [f"С {long_date(self.cleaned_data['on'])} состояние школы {self.school} — «{label}»."]
        return told + ([ENDED] if self.cleaned_data["status"] == SchoolStatus.CLOSED else [])

    def perform(self, *, basis: LegalAct | None, at: datetime) -> School:
        return registry.set_status(
            school=self.school,
            status=SchoolStatus(self.cleaned_data["status"]),
            on=self.cleaned_data["on"],
            basis=basis,
            by=self.user,
            at=at,
        )


ACTS: Final[Mapping[str, type[RegistryForm]]] = {
    "details": DetailsForm,
    "former": FormerForm,
    "status": StatusForm,
    "merge": MergeForm,
    "new-entity": NewEntityForm,
    "branch": BranchForm,
    "join": JoinForm,
}
