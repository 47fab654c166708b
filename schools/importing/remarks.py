"""All remarks on the files of a batch, filtered and paged, with the cells that can be put right beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Final

from django.core.paginator import Page, Paginator

from schools.choices import FileState
from schools.importing.all_problems import shown_problems
from schools.importing.corrections import Correction, is_correctable, told
from schools.importing.problem_groups import MATCHED_IN_QUEUE, ProblemGroup, groups_of
from schools.models import ImportBatch, ImportFile

ON_PAGE: Final = 50
SEVERITIES: Final = {"error": "Ошибки", "warning": "Предупреждения"}
HEAVY: Final = ("problems", "aggregate")  # read only where they are shown


@dataclass(frozen=True, kw_only=True)
class Remark:
    """One problem of a file with the value that a person has typed for its cell."""

    problem: Mapping[str, Any]
    value: str
    is_correctable: bool

    @property
    def is_of_schools(self) -> bool:
        """Answer whether the remark is put right in the queue of schools and not in a cell."""
        return self.problem["code"] in MATCHED_IN_QUEUE

    @property
    def place(self) -> str:
        """Return «C7», else «строка 7», else nothing."""
        row = self.problem["row"]
        return str(self.problem.get("cell") or (f"строка {row}" if row else "весь лист"))


@dataclass(kw_only=True)
class FileRemarks:
    """The remarks of one file on a page. corrections: cells put right that no remark of the page is about."""

    file: ImportFile
    remarks: list[Remark]
    corrections: list[Correction] = field(default_factory=list)

    @property
    def is_correctable(self) -> bool:
        return is_correctable(self.file)

    @property
    def sheets(self) -> list[str]:
        """Return the sheets that remarks or corrections are about; a CSV file has one without a name."""
        names = [remark.problem["sheet"] for remark in self.remarks]
        return sorted({*names, *self.file.corrections}) or [""]


@dataclass(frozen=True, kw_only=True)
class RemarksPage:
    files: Sequence[ImportFile]  # with something to say
    groups: Sequence[ProblemGroup]
    chosen: Mapping[str, str]  # file, code, kind
    page: Page[tuple[ImportFile, Mapping[str, Any]]]
    by_file: Sequence[FileRemarks]
    query: str  # of this very page, for the way back


def remarks_page(batch: ImportBatch, query: Mapping[str, str]) -> RemarksPage:
    """Return one page of remarks. Two queries: the files, and the remarks of those that were asked for."""
    files = list(batch.files.exclude(state=FileState.REFUSED).defer(*HEAVY).order_by("name", "pk"))
    errors, warnings = groups_of(files)
    chosen = {name: query.get(name, "") for name in ("file", "code", "kind")}
    wanted = [file for file in files if chosen["file"] in {"", str(file.pk)}]
    page = Paginator(found_remarks(wanted, chosen), ON_PAGE).get_page(query.get("page"))
    return RemarksPage(
        files=[file for file in files if file.meta.get("groups") or file.corrections],
        groups=[*errors, *warnings],
        chosen=chosen,
        page=page,
        by_file=by_file(wanted, page),
        query="&".join(f"{name}={value}" for name, value in {**chosen, "page": str(page.number)}.items() if value),
    )


def found_remarks(
    files: Sequence[ImportFile],
    chosen: Mapping[str, str],
) -> list[tuple[ImportFile, Mapping[str, Any]]]:
    """Return files with their problems of the chosen code and kind, in the order of files and rows."""
    stored = ImportFile.objects.only("problems").in_bulk([file.pk for file in files])
    return [
        (file, problem)
        for file in files
        for problem in shown_problems(stored[file.pk])
        if chosen["code"] in {"", problem["code"]} and chosen["kind"] in {"", problem["severity"]}
    ]


def by_file(files: Sequence[ImportFile], page: Page[tuple[ImportFile, Mapping[str, Any]]]) -> list[FileRemarks]:
    """Return the remarks of a page under their files; on the first page also files with corrections alone."""
    shown = {file.pk: list(pairs) for file, pairs in groupby(page.object_list, key=lambda pair: pair[0])}
    concerned = [file for file in files if file.pk in shown or (page.number == 1 and file.corrections)]
    return [file_remarks(file, [problem for _, problem in shown.get(file.pk, [])]) for file in concerned]


def file_remarks(file: ImportFile, problems: Sequence[Mapping[str, Any]]) -> FileRemarks:
    can = is_correctable(file)
    remarks = [
        Remark(
            problem=problem,
            value=file.corrections.get(problem["sheet"], {}).get(problem.get("cell", ""), ""),
            is_correctable=can and bool(problem.get("cell")),
        )
        for problem in problems
    ]
    places = {(problem["sheet"], problem.get("cell", "")) for problem in problems}
    apart = [one for one in told(file.corrections) if (one.sheet, one.cell) not in places]
    return FileRemarks(file=file, remarks=remarks, corrections=apart)
