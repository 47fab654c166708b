"""A stored run to measure its page on: schools, verdicts with thirty parts each, a coordinator who looks at it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Role
from schools.actions.identification import Prepared, store_run, verdict_row
from schools.actions.rule_sets import load_rule_set
from schools.bulk import packed
from schools.choices import TerritoryLevel
from schools.identification import Identification, Result, Rules, SchoolFacts, facts_read, identify, used_facts
from schools.models import AssessmentResult, IdentificationRun, Membership, School, Territory

YEAR = 2026
MUNICIPALITIES = 40
VARIANTS = 300  # schools of as many kinds of results; the texts of verdicts need not all differ to be long
FACTS = SchoolFacts(kind="СОШ")


@dataclass(frozen=True)
class StoredRun:
    run: IdentificationRun
    client: Client

    def page(self, query: str = "", **headers: str) -> bytes:
        """Return the page of the run as the coordinator gets it."""
        response = self.client.get(f"{self.run.get_absolute_url()}{query}", headers=headers)
        if response.status_code != 200:
            raise RuntimeError(f"{response.status_code}: {response.content[:200]!r}")
        return response.content


def stored_run(schools: int, *, with_results: bool = False) -> StoredRun:
    """Store a run over so many schools in an empty database. with_results: with three years of rows behind it."""
    call_command("migrate", verbosity=0)
    region, territories = make_territories(schools)
    User.objects.filter(username=f"bench{schools}").delete()
    viewer = User.objects.create_user(username=f"bench{schools}", last_name="Замерова")
    Membership.objects.create(user=viewer, role=Role.REGIONAL_ADMIN, territory=region)
    rule_set = load_rule_set(by=viewer)
    made = School.objects.bulk_create(school_rows(territories, schools), batch_size=2000)
    if with_results:
        AssessmentResult.objects.bulk_create(result_rows(made, rule_set.rules), batch_size=2000)
    outcomes = outcomes_of(rule_set.rules)
    facts = packed(used_facts(FACTS, facts_read(rule_set.rules)))
    rows = tuple(verdict_row(school, outcomes[number % VARIANTS], facts) for number, school in enumerate(made))
    prepared = Prepared(rows=rows, fingerprint="0", territories=frozenset(each.pk for each in territories))
    run = store_run(prepared, rule_set=rule_set, territory=region, year=YEAR, by=viewer, at=timezone.now())
    client = Client(SERVER_NAME="localhost")
    client.force_login(viewer)
    return StoredRun(run, client)


def make_territories(schools: int) -> tuple[Territory, list[Territory]]:
    def made(level: TerritoryLevel, code: str, parent: Territory | None) -> Territory:
        words = dict.fromkeys(
            ("name", "name_genitive", "name_prepositional", "authority", "authority_genitive"), f"Территория {code}"
        )
        return Territory.objects.create(level=level, code=code, parent=parent, **words)

    region = made(TerritoryLevel.REGION, f"r{schools}", None)
    return region, [made(TerritoryLevel.MUNICIPALITY, f"m{schools}-{n}", region) for n in range(MUNICIPALITIES)]


def school_rows(territories: list[Territory], schools: int) -> Iterator[School]:
    for number in range(schools):
        name = f"МБОУ «СОШ № {number + 1}»"
        yield School(
            territory=territories[number % MUNICIPALITIES],
            name=name,
            name_folded=name.casefold(),
            kind="СОШ" if number % 3 else "ООШ",
            locality="село" if number % 2 else "город",
            inn=f"{len(str(schools))}{number:09d}",
            students=100 + number % 900,
        )


def outcomes_of(rules: Rules) -> list[Identification]:
    return [identify(results_of(number, rules), rules, YEAR, FACTS) for number in range(VARIANTS)]


def results_of(number: int, rules: Rules) -> list[Result]:
    """Return results of two years that put about a third of the schools on the list."""
    return [
        Result(
            kind=procedure.kind,
            subject=procedure.subject,
            grade=procedure.grade,
            year=year,
            participants=40 + number % 30,
            low=low_of(number, place, year),
        )
        for year in (YEAR - 1, YEAR)
        for place, procedure in enumerate(rules.procedures)
    ]


def low_of(number: int, place: int, year: int) -> int:
    return (number * 7 + place * 5 + year) % 17


def result_rows(schools: list[School], rules: Rules) -> Iterator[AssessmentResult]:
    for number, school in enumerate(schools):
        for year in (YEAR - 2, YEAR - 1, YEAR):
            for place, procedure in enumerate(rules.procedures):
                participants = 40 + number % 30
                low = low_of(number, place, year)
                yield AssessmentResult(
                    school=school,
                    procedure=procedure.kind,
                    year=year,
                    subject=procedure.subject,
                    grade=procedure.grade,
                    participants=participants,
                    mark2=low,
                    mark3=participants - low,
                    mark4=0,
                    mark5=0,
                )
