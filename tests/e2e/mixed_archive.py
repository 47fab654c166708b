"""A folder as coordinators have it: eight kinds of files, two schools nobody knows, a broken book, a ГИА protocol."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from config.demo import files
from schools.intake.federal_writer import (
    PupilLine,
    ScoresLine,
    TasksLine,
    pupils_workbook,
    scores_workbook,
    task_groups_workbook,
    tasks_workbook,
)
from tests.factories.workbooks import federal_journal, federal_marks, make_work, packed, results_workbook, workbook

YEAR: Final = files.YEARS[-1]
STRANGE: Final = "МБОУ «Неведомая школа № 77»"  # the person tells which school it is
ABSENT: Final = "МБОУ «Школа за рекой № 78»"  # the person says that the registry has none
TASKS: Final = {"1": 2, "2": 3}
FLAT_HEAD: Final = "login;year;procedure;subject;grade;participants;mark2;mark3;mark4;mark5"


@dataclass(frozen=True)
class Place:
    """Schools of the demo municipality: the first three write everything, the last one is misspelt in a file."""

    schools: tuple[str, ...]  # name with login
    logins: tuple[str, ...]
    misspelt_inn: str


def place() -> Place:
    known = {row.login: row for row in files.rows()}
    first = list(known.values())[:4]
    return Place(
        schools=tuple(f"{row.school} ({row.login})" for row in first[:3]),
        logins=tuple(row.login for row in first[:3]),
        misspelt_inn=first[3].inn,
    )


def marks(here: Place) -> bytes:
    known = dict.fromkeys(here.schools, (1, 2, 30, 5))
    return federal_marks({**known, STRANGE: (0, 5, 5, 0), ABSENT: (1, 1, 1, 1)}, year=YEAR)


def journal(here: Place) -> bytes:
    return federal_journal(dict.fromkeys(here.schools, (10, 25, 3)), year=YEAR)


def scores(here: Place) -> bytes:
    lines = [ScoresLine(name=name, counts=(1, 2, 3, 4)) for name in here.schools]
    return scores_workbook(make_work(year=YEAR, subject="MA", grade=5, max_primary=3), lines)


def tasks(here: Place) -> bytes:
    lines = [TasksLine(name=name, participants=38, percents=(50.0, 25.0)) for name in here.schools]
    return tasks_workbook(make_work(year=YEAR, grade=4), TASKS, lines)


def task_groups(here: Place) -> bytes:
    groups = {mark: (10.0 * mark, 5.0 * mark) for mark in (2, 3, 4, 5)}
    lines = [TasksLine(name=name, participants=38, groups=groups) for name in here.schools]
    return task_groups_workbook(make_work(year=YEAR, grade=4), TASKS, lines)


def pupils(here: Place) -> bytes:
    group = [PupilLine(code=f"60{number:02d}", points=(1, 2), mark=3, journal=3) for number in range(12)]
    work = make_work(year=YEAR, subject="MA", grade=6, max_primary=5)
    return pupils_workbook(work, TASKS, dict.fromkeys(here.schools, group))


def template(here: Place) -> bytes:
    return results_workbook(*({"Логин": login, "Год": YEAR, "Класс": 8} for login in here.logins))


def flat(here: Place) -> bytes:
    lines = [f"{login};{YEAR};KDR;RU;9;38;1;2;30;5" for login in here.logins]
    return "\n".join([FLAT_HEAD, *lines, ""]).encode()


def broken(here: Place) -> bytes:
    return marks(here)[:4000]


def protocol(_: Place) -> bytes:
    return workbook(
        [("Протокол проверки результатов ОГЭ",), ("Фамилия", "Имя", "Отчество", "Балл"), ("Вымыслова", "Анна", "А.", 5)]
    )


LAYOUTS: Final[Mapping[str, Callable[[Place], bytes]]] = {
    "Статистика по отметкам.xlsx": marks,
    "Сравнение с журналом.xlsx": journal,
    "Первичные баллы.xlsx": scores,
    "Выполнение заданий.xlsx": tasks,
    "Задания по группам.xlsx": task_groups,
    "Индивидуальные результаты.xlsx": pupils,
    "Шаблон портала.xlsx": template,
    "Плоская таблица.csv": flat,
}
REFUSED: Final[Mapping[str, Callable[[Place], bytes]]] = {"Битая книга.xlsx": broken, "Протокол ОГЭ.xlsx": protocol}


def archive(here: Place) -> bytes:
    return packed({f"Выгрузки/{name}": build(here) for name, build in {**LAYOUTS, **REFUSED}.items()})
