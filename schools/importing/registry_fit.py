"""Which rows of a registry file are taken: those within reach, with dates that fit and names nobody else bears."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils import timezone

from accounts.russian import short_date
from schools.choices import TerritoryLevel
from schools.importing.ledger import State
from schools.importing.registry_states import delivered_school
from schools.importing.school_spans import is_turn, last_starts
from schools.intake.identifiers import MUNICIPALITY_LOGIN, REGION_LOGIN
from schools.intake.rows import ProblemCode, SchoolRow
from schools.intake.territory_names import region_of
from schools.models import ImportBatch, School, Territory

Reason = tuple[ProblemCode, str, str]  # what is wrong and what to do


@dataclass
class RegistryFit:
    """What a row of the registry must fit: territories in reach, names and logins of living schools, known dates."""

    territory: Territory
    known: Mapping[str, Territory]  # by code
    logins: dict[str, str]  # login -> ИНН
    names: dict[tuple[str, str], str]  # code of the territory, name -> ИНН
    ended: frozenset[str]  # ИНН of schools that are reorganised or closed
    starts: Mapping[str, date | None]  # ИНН -> since when the last period of the school
    today: date

    @classmethod
    def of(cls, batch: ImportBatch, rows: Collection[SchoolRow]) -> "RegistryFit":
        codes = {row.territory.code for row in rows}
        logins = {row.login for row in rows if row.login}
        known = Territory.objects.filter(code__in=codes).select_related("parent")
        living = School.objects.living()
        named = living.filter(territory__code__in=codes).values_list("territory__code", "name", "inn")
        dated = School.objects.filter(inn__in={row.inn for row in rows if row.valid_from})
        gone = School.objects.filter(inn__in={row.inn for row in rows}).exclude(pk__in=living.values("pk"))
        return cls(
            territory=batch.territory,
            known={territory.code: territory for territory in known},
            logins=dict(living.filter(login__in=logins).values_list("login", "inn")),
            names={(code, name): inn for code, name, inn in named},
            ended=frozenset(gone.values_list("inn", flat=True)),
            starts=last_starts(dated),
            today=timezone.localdate(batch.created_at),
        )

    def refusals(self, rows: Sequence[SchoolRow], states: Mapping[str, State]) -> list[Reason | None]:
        """Return for each row why it is not taken and what to do, None where it is taken.

        A name or a login may pass from one school to another in one file: the first gives it up by its own row. Where
        that does not come out even, what stands in the registry decides.
        """
        unfit = [self.unfit(row, states.get(row.inn)) for row in rows]
        given_up = self.given_up(row for row, reason in zip(rows, unfit, strict=True) if not reason)
        reasons = given_up.with_taken(rows, unfit)
        return self.with_taken(rows, unfit) if reasons != unfit else reasons

    def given_up(self, rows: Iterable[SchoolRow]) -> "RegistryFit":
        """Return the same without the names and logins that these rows change."""
        told = {row.inn: row for row in rows}
        names = {place: inn for place, inn in self.names.items() if inn not in told or place_of(told[inn]) == place}
        logins = {login: inn for login, inn in self.logins.items() if inn not in told or told[inn].login in {"", login}}
        return replace(self, names=names, logins=logins)

    def with_taken(self, rows: Iterable[SchoolRow], unfit: Iterable[Reason | None]) -> list[Reason | None]:
        """Return the reasons with those of rows whose name or login another living school, or row above, has."""
        free = replace(self, names=dict(self.names), logins=dict(self.logins))
        return [reason or free.taken(row) for row, reason in zip(rows, unfit, strict=True)]

    def unfit(self, row: SchoolRow, current: Mapping[str, Any] | None) -> Reason | None:
        """Return why a row is not taken whatever names the others have."""
        if not self.is_in_reach(row) or (current and not self.is_own_code(current["territory"])):
            what = f"школа вне вашей территории ({self.territory.name})."
            return ProblemCode.FOREIGN_TERRITORY, what, "Проверьте код муниципалитета."
        return self.wrong_day(row, current)

    def wrong_day(self, row: SchoolRow, current: Mapping[str, Any] | None) -> Reason | None:
        """Return why the day of «Действует с» is not taken: it has not come, or something later is known."""
        if not row.valid_from:
            return None
        day, last = date.fromisoformat(row.valid_from), self.starts.get(row.inn)
        if day > self.today:
            what = f"дата {short_date(day)} ещё не наступила."
            return ProblemCode.OUT_OF_RANGE, what, "Загрузите изменение в этот день или позже."
        if current and last and day < last and is_turn(current, delivered_school(row)):
            what = f"с {short_date(last)} уже записано другое изменение этой школы."
            return ProblemCode.OUT_OF_RANGE, what, f"Укажите дату не раньше {short_date(last)}."
        return None

    def taken(self, row: SchoolRow) -> Reason | None:
        """Return which living school has the login or the name, or None and remember them for the rows below."""
        if row.inn in self.ended:
            return None
        if row.login and self.logins.setdefault(row.login, row.inn) != row.inn:
            what = f"логин {row.login} уже записан за другой школой."
            return ProblemCode.REPEATED_ROW, what, "Проверьте логин и ИНН."
        if self.names.setdefault(place_of(row), row.inn) != row.inn:
            what = "школа с таким названием в муниципалитете уже есть, у неё другой ИНН."
            action = "Проверьте ИНН и название. Смену юридического лица запишите в карточке школы."
            return ProblemCode.REPEATED_ROW, what, action
        return None

    def is_in_reach(self, row: SchoolRow) -> bool:
        if row.territory.code in self.known:
            return self.covers(self.known[row.territory.code])
        is_region = self.territory.level == TerritoryLevel.REGION
        is_code = MUNICIPALITY_LOGIN.fullmatch(row.territory.code) is not None
        return is_region and (not is_code or region_for(row)[0] == self.territory.code)

    def is_own_code(self, code: str) -> bool:
        known = self.known.get(code) or Territory.objects.filter(code=code).select_related("parent").first()
        return known is not None and self.covers(known)

    def covers(self, territory: Territory) -> bool:
        return self.territory.pk in {territory.pk, territory.parent_id}


def place_of(row: SchoolRow) -> tuple[str, str]:
    return row.territory.code, row.name


def region_for(row: SchoolRow) -> tuple[str, str]:
    """Return code and name of the region of a municipality: «reg24» of «reg24_m031»."""
    match = REGION_LOGIN.match(row.territory.code.split("_")[0])
    code = match[0].casefold() if match else ""
    return code, region_of(row.territory.name) or f"Регион {code.removeprefix('reg')}"
