"""The form that takes files."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from accounts.forms import RowChoiceField
from accounts.models import User
from accounts.permissions import Permission
from schools.access import scope_of
from schools.importing.files import GivenFile
from schools.intake.limits import DEFAULT_LIMITS, MEBIBYTE
from schools.models import Territory
from schools.uploads import TOO_MUCH, CutFile

FILE_MB = DEFAULT_LIMITS.file_bytes // MEBIBYTE
ARCHIVE_MB = DEFAULT_LIMITS.archive_bytes // MEBIBYTE
NO_FILE = "Файл не выбран. Выберите один или несколько файлов .xlsx, .csv или архив .zip."


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """A field that takes many files at once; an empty one is kept for the check to name it."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[bytes]]:
        given = data if isinstance(data, list | tuple) else [data]
        if any(isinstance(one, CutFile) for one in given):
            raise forms.ValidationError(TOO_MUCH, code="too_much")
        return [super(ManyFilesField, self).clean(one, initial) for one in given] if given else []


class UploadForm(forms.Form):
    files = ManyFilesField(  # type: ignore[assignment]  # a field; the form finds it as form["files"]
        label="Файлы",
        max_length=1000,
        allow_empty_file=True,
        error_messages={"required": NO_FILE, "invalid": NO_FILE, "missing": NO_FILE},
        help_text=f"Выгрузки ФИС ОКО, шаблон портала, реестр школ или архив .zip. Файл до {FILE_MB} МБ, "
        f"архив ZIP до {ARCHIVE_MB} МБ.",
    )
    territory = RowChoiceField(
        label="Территория",
        queryset=Territory.objects.none(),
        empty_label=None,
        error_messages={"required": "Выберите территорию.", "invalid_choice": "Выберите территорию из списка."},
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "upload_%s", **kwargs})  # the filter beside has a territory too
        own = scope_of(user, Permission.IMPORT_RESULTS).territories
        territory = self.fields["territory"]
        assert isinstance(territory, forms.ModelChoiceField)  # noqa: S101  for the type checker
        territory.queryset = Territory.objects.filter(pk__in=own).order_by("name", "pk")
        if len(own) == 1:
            territory.required = False
            territory.widget = forms.HiddenInput()
        self.own = own

    def clean_territory(self) -> Territory:
        chosen: Territory | None = self.cleaned_data.get("territory")
        return chosen or Territory.objects.select_related("parent").get(pk__in=self.own)

    def given_files(self) -> list[GivenFile]:
        """Return the files; of an endless one only as much as tells that it is too big."""
        most = DEFAULT_LIMITS.archive_bytes + 1
        return [GivenFile(name=file.name or "", data=file.read(most)) for file in self.cleaned_data["files"]]
