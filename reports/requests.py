"""A question as it travels to the worker: JSON values in, rows out."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Self
from uuid import UUID

from reports.choices import ONE_SCHOOL_KINDS, SCHOOL_KINDS, TODAY_KINDS, FileFormat, ReportKind
from reports.errors import WrongScope
from reports.facts.frame import ReportSpec
from reports.facts.parts import Signer
from reports.kinds import kind_of
from schools.models import School, Territory


def day_of_data(kind: str, *, asked: date | None, end: date, today: date) -> date:
    """Return the day for which the data of a kind are read: the last of the period unless another one is asked for.

    end: of the period. Results keep no past, so a kind that reads them is of today whatever is asked.
    """
    if kind in TODAY_KINDS:
        return today
    return asked or min(today, end)


@dataclass(frozen=True, kw_only=True)
class ReportRequest:
    """school: None for a report over the whole territory. as_of: the day for which the data are read."""

    kind: str
    territory: UUID
    school: UUID | None
    period_from: date
    period_to: date
    as_of: date
    dated: date
    signer_position: str = ""
    signer_name: str = ""
    executor: str = ""
    formats: tuple[str, ...] = (FileFormat.PDF.value, FileFormat.XLSX.value)

    def __post_init__(self) -> None:
        kind_of(self.kind)
        if self.school and self.kind not in SCHOOL_KINDS:
            label = ReportKind(self.kind).label
            raise WrongScope(f"«{label}» составляется по территории. Выберите охват «Все школы».")
        if not self.school and self.kind in ONE_SCHOOL_KINDS:
            label = ReportKind(self.kind).label
            raise WrongScope(f"«{label}» составляется по одной школе. Выберите школу.")
        if self.period_from > self.period_to:
            raise WrongScope("Период не может закончиться раньше, чем начался. Проверьте даты.")

    @property
    def parameters(self) -> dict[str, Any]:
        """Return the parameters of the job."""
        values = asdict(self)
        for name in ("territory", "school", "period_from", "period_to", "as_of", "dated"):
            values[name] = None if values[name] is None else str(values[name])
        return {**values, "formats": list(self.formats)}

    @classmethod
    def from_parameters(cls, parameters: Mapping[str, Any]) -> Self:
        days = ("period_from", "period_to", "as_of", "dated")
        return cls(
            **{
                **parameters,
                **{name: date.fromisoformat(parameters[name]) for name in days},
                "territory": UUID(parameters["territory"]),
                "school": UUID(parameters["school"]) if parameters["school"] else None,
                "formats": tuple(parameters["formats"]),
            },
        )

    def spec(self) -> ReportSpec:
        """Return the question with its rows. Raises Territory.DoesNotExist, School.DoesNotExist."""
        signer = Signer(position=self.signer_position, name=self.signer_name) if self.signer_name else None
        return ReportSpec(
            kind=self.kind,
            territory=Territory.objects.select_related("parent").get(pk=self.territory),
            school=School.objects.select_related("territory").get(pk=self.school) if self.school else None,
            period_from=self.period_from,
            period_to=self.period_to,
            as_of=self.as_of,
            dated=self.dated,
            signer=signer,
            executor=self.executor,
        )
