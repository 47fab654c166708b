"""Form of a cluster set: what it is, what it rests on, and the table of its schools."""

from collections.abc import Iterable
from typing import Any, Final, cast

from django import forms
from django.http import QueryDict

from accounts.models import User
from accounts.russian import count
from schools.actions.clusters import ClusterContent
from schools.cluster_reading import in_order
from schools.cluster_table import ClusterTable, lines_of_book, table_of, unknown_words
from schools.intake.limits import DEFAULT_LIMITS
from schools.intake.reader import read_workbook
from schools.intake.refusals import Refusal
from schools.models import ClusterMember, ClusterSet, LegalAct, Territory
from schools.version_fields import TEXT_LENGTH, CodeField, LinesField, acts_for, basis_field, title_field, year_field

TABLE_CHARS: Final = 600_000  # five thousand long lines
PROVENANCE_LENGTH: Final = 20
HEAD: Final = "ИНН\tШкола\tКластер"
WITHOUT: Final = "Сохранить без школ, которых нет в реестре"
SCHOOLS: Final = "школа,школы,школ"
CLUSTERS: Final = "кластере,кластерах,кластерах"


class ClusterForm(forms.Form):
    """A version with its table. When all is well `given` holds the schools; wrong rows are told by their numbers."""

    title = title_field()
    year = year_field("С результатов какого года", "Действует и дальше, пока другая версия не начнётся позже")
    provenance = LinesField(
        label="Откуда кластеры",
        min_length=PROVENANCE_LENGTH,
        max_length=TEXT_LENGTH,
        help_text="Кто и как разделил школы, по каким сведениям. Печатается вместе с выводами",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": "Напишите, кто и как разделил школы на кластеры.",
            "min_length": f"Напишите не менее {PROVENANCE_LENGTH} знаков: текст печатается вместе с выводами.",
        },
    )
    basis = basis_field()
    table = LinesField(
        label="Школы и их кластеры",
        required=False,
        strip=False,  # numbers of lines are told
        max_length=TABLE_CHARS,
        help_text="В строке — школа (ИНН, код, логин или название) и кластер через табуляцию или точку с запятой, как "
        "при вставке из Excel. Кластер — в столбце с заголовком «Кластер», без заголовка — в последнем",
        widget=forms.Textarea(attrs={"rows": 14, "class": "num", "spellcheck": "false"}),
        error_messages={"max_length": "Слишком много текста. Оставьте столбцы школы и кластера."},
    )
    file = forms.FileField(
        label="Или выберите книгу XLSX",
        required=False,
        help_text="Первый лист книги встанет в поле таблицы вместо того, что там есть",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
        error_messages={"empty": "Файл пуст. Выберите другой."},
    )
    without_unknown = forms.BooleanField(label=WITHOUT, required=False)

    def __init__(
        self, *args: Any, territory: Territory, user: User, stored: ClusterSet | None = None, **kwargs: Any
    ) -> None:
        kwargs.setdefault("initial", initial_of(stored) if stored else {})
        super().__init__(*args, **kwargs)
        self.territory = territory
        self.given = ClusterTable()
        self.fields["basis"].queryset = acts_for(stored, user)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "table" in cleaned and "file" in cleaned:
            text = self.book_text() if cleaned["file"] else cleaned["table"]
            if text is not None:
                self.given = table_of(text, self.territory)
                self.tell_problems()
        return cleaned

    def book_text(self) -> str | None:
        """Return the chosen book as the text of the table, put into its field; None when it is refused."""
        if "table" in self.changed_data and self.cleaned_data["table"].strip():
            self.add_error("file", "Таблица изменена и в поле, и выбрана в книге. Оставьте что-то одно.")
            return None
        try:
            text = lines_of_book(read_workbook(self.cleaned_data["file"].read(DEFAULT_LIMITS.file_bytes + 1)))
        except Refusal as refusal:
            self.add_error("file", str(refusal))
            return None
        data = cast("QueryDict", self.data).copy()
        data["table"] = text
        self.data = data
        return text

    def tell_problems(self) -> None:
        """Tell what is wrong with the rows; those of unknown schools may be left out on purpose."""
        problems = list(self.given.problems)
        if self.given.unknown and not self.cleaned_data["without_unknown"]:
            problems.append(f"{unknown_words(self.given.unknown)} Или отметьте под таблицей «{WITHOUT}».")
        if not problems and not self.given.members:
            problems.append("Ни одной школы из таблицы нет в реестре.")
        for problem in problems:
            self.add_error("table", problem)

    def content(self, basis: LegalAct | None) -> ClusterContent:
        """Return what a valid form says. basis: a new document, which goes before the chosen one."""
        cleaned = self.cleaned_data
        return ClusterContent(
            title=cleaned["title"],
            year=cleaned["year"],
            provenance=cleaned["provenance"],
            members=self.given.members,
            basis=basis or cleaned["basis"],
        )

    def told(self) -> str:
        """Return «9 школ в 2 кластерах» of a valid form, and how many rows were left out."""
        members = self.given.members
        words = f"{count(len(members), SCHOOLS)} в {count(len(set(members.values())), CLUSTERS)}"
        return (
            f"{words}; строк без школ из реестра не сохранено: {len(self.given.unknown)}"
            if self.given.unknown
            else words
        )


class NewClusterForm(ClusterForm):
    """The first version of a set, with its code."""

    code = CodeField(
        label="Код",
        help_text="Буквы, цифры и дефис, например RSOKO-2026. По коду набор называют в правиле",
        error_messages={"required": "Укажите код набора."},
    )
    field_order = ("code", "title")


def initial_of(cluster_set: ClusterSet) -> dict[str, Any]:
    """Return field name -> value of a version, its table as it may be pasted again. One query."""
    members = cluster_set.members.select_related("school").order_by("school__name", "pk")
    return {
        "title": cluster_set.title,
        "year": cluster_set.year,
        "provenance": cluster_set.provenance,
        "basis": cluster_set.basis_document_id,
        "table": text_of(sorted(members, key=lambda member: in_order(member.cluster))),
    }


def text_of(members: Iterable[ClusterMember]) -> str:
    """Return a table with a head, a school in a line by what it is found by again."""
    lines = (
        f"{member.school.inn or member.school.login or member.school.gia_code}\t{member.school.name}\t{member.cluster}"
        for member in members
    )
    return "\n".join([HEAD, *lines])
