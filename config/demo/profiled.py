"""Risk profiles of the listed schools, each at another step of its way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from accounts.models import User
from config.demo.region import DemoRegion
from riskprofiles.actions.activation import activate_factors
from riskprofiles.actions.diagnosis import save_answer, submit_self_diagnosis
from riskprofiles.actions.profiles import approve_profile, open_profiles
from riskprofiles.actions.verification import complete_verification, judge_factor
from riskprofiles.answers import Field
from riskprofiles.models import FactorCatalogue, RiskProfile
from riskprofiles.review import Judgement
from riskprofiles.scoring import RiskLevel
from schools.actions.acts import register_act
from schools.models import SchoolList


@dataclass(frozen=True, kw_only=True)
class Story:
    """How a school's profile goes. relevant: code of a factor -> what the school says of it.

    last: the last thing that happens: draft, review, handed_in, verified, activated, approved.
    """

    login: str
    admin: str
    relevant: Mapping[str, tuple[RiskLevel, str]]
    last: str


HIGH, MEDIUM, LOW = RiskLevel.HIGH, RiskLevel.MEDIUM, RiskLevel.LOW
STORIES: Final[Sequence[Story]] = (
    Story(
        login="edu900003",
        admin="school3",
        relevant={
            "R02": (HIGH, "Привлечь двух учителей математики по программе целевого обучения"),
            "R03": (HIGH, "Индивидуальные маршруты и взаимопосещение уроков с наставником"),
            "R08": (MEDIUM, "Проектная неделя и система поощрения учебных достижений"),
            "R11": (HIGH, "Группы восполнения пробелов по русскому языку и математике"),
        },
        last="approved",
    ),
    Story(
        login="edu900005",
        admin="school5",
        relevant={
            "R03": (HIGH, "Курсы по функциональной грамотности, наставничество"),
            "R08": (HIGH, "Учебные проекты в 6–8 классах"),
            "R11": (HIGH, "Дополнительные занятия по результатам входной диагностики"),
        },
        last="approved",
    ),
    Story(
        login="edu900011",
        admin="school11",
        relevant={
            "R02": (MEDIUM, "Сетевая форма с базовой школой"),
            "R11": (HIGH, "План индивидуальной работы с обучающимися"),
            "R12": (MEDIUM, "Родительские встречи по итогам четверти"),
        },
        last="activated",
    ),
    Story(
        login="edu900008",
        admin="school8",
        relevant={"R08": (HIGH, "Индивидуальный учебный план"), "R11": (HIGH, "Консультации по очно-заочной форме")},
        last="handed_in",
    ),
    Story(
        login="edu900009",
        admin="school9",
        relevant={"R11": (MEDIUM, "Входная диагностика и коррекция рабочих программ")},
        last="review",
    ),
)
EVIDENCE: Final = "Результаты ВПР, анализ посещённых уроков"


CATALOGUE: Final = "500-2020"


def make_profiles(region: DemoRegion) -> None:
    """Open a profile for every listed school and bring some of them further."""
    coordinator = region.person("coordinator")
    profiles = open_profiles(
        school_list=SchoolList.objects.published().get(territory=region.municipality),
        year=region.calendar.day(-60).year,
        catalogue=FactorCatalogue.objects.get(code=CATALOGUE),
        by=coordinator,
        at=region.calendar.moment(-60),
    )
    by_login = {profile.school.login: profile for profile in profiles}
    for story in STORIES:
        tell(story, by_login[story.login], region)


def tell(story: Story, profile: RiskProfile, region: DemoRegion) -> None:
    """Live the story of one profile through to its last step."""
    admin, curator = region.person(story.admin), region.person("curator")
    fill(profile, story, admin, region.calendar.moment(-56))
    if story.last == "review":
        return
    submit_self_diagnosis(profile=profile, by=admin, at=region.calendar.moment(-55))
    if story.last == "handed_in":
        return
    judge(profile, curator, region.calendar.moment(-50))
    chosen = [factor.pk for factor in profile.factors.verified() if factor.code in story.relevant]
    activate_factors(profile=profile, factors=chosen, by=admin, at=region.calendar.moment(-48))
    if story.last == "approved":
        coordinator = region.person("coordinator")
        order = region.order(offset=-45, number="571", title="Об утверждении рисковых профилей школ")
        approve_profile(
            profile=profile,
            order=register_act(act=order, by=coordinator),
            by=coordinator,
            at=region.calendar.moment(-45),
        )


def fill(profile: RiskProfile, story: Story, admin: User, at: datetime) -> None:
    """Answer the form; a school that is still filling it in leaves the factors it has not come to."""
    for factor in profile.factors.in_order():
        answer = story.relevant.get(factor.code)
        if answer is None and story.last == "review":
            continue
        values = answers_to(answer)
        for field, value in values.items():
            save_answer(factor=factor, field=field, value=value, by=admin, at=at, is_checked=False)


def answers_to(answer: tuple[RiskLevel, str] | None) -> dict[Field, bool | str]:
    if answer is None:
        return {Field.RELEVANT: False}
    level, measures = answer
    return {Field.RELEVANT: True, Field.LEVEL: str(level), Field.EVIDENCE: EVIDENCE, Field.MEASURES: measures}


def judge(profile: RiskProfile, curator: User, at: datetime) -> None:
    """Confirm what the school found relevant, reject the rest, and end the verification."""
    for factor in profile.factors.in_order():
        is_found = bool(factor.school_relevant)
        judge_factor(
            factor=factor,
            verdict=Judgement.CONFIRMED if is_found else Judgement.REJECTED,
            reason="" if is_found else "По материалам школы риск не подтверждается",
            by=curator,
            at=at,
        )
    complete_verification(profile=profile, by=curator, at=at)
