"""Facts of R9 and R8S as values, without a database."""

from typing import Any

from reports.facts.r8s import AroundFacts, Grounds, R8SFacts, StepFacts, WorkFacts
from reports.facts.r9 import BoundsFacts, ChangeFacts, Levels, PairFacts, R9Facts, SchoolLine, WorkYears, YearCount
from schools.dynamics import SchoolTrend, Trend, View
from tests.factories.facts import FRAME, make_act_facts

LEVELS = Levels(improving=1, stable=2, declining=0, unknown=0)
BOUNDS = BoundsFacts(
    declining_from="10", improving_to="10", small_n=10, significant_z="1,96", improving_needed=2
)  # fmt: skip
BEFORE, AFTER = YearCount(year=2025, low=12, participants=40), YearCount(year=2026, low=4, participants=40)


def make_change(**fields: Any) -> ChangeFacts:
    """Return a work that fell from 30 % to 10 %."""
    defaults = {
        "title": "ВПР, русский язык, 5 класс",
        "code": "ВПР РУ-5",
        "before": BEFORE,
        "after": AFTER,
        "trend": Trend.IMPROVING,
        "is_significant": True,
        "remarks": (),
    }
    return ChangeFacts(**{**defaults, **fields})


def make_pair(**fields: Any) -> PairFacts:
    defaults = {
        "year": 2026,
        "view": View.PARALLEL,
        "trend": SchoolTrend.MIXED,
        "levels": LEVELS,
        "sentence": "Доля «2» в 2026 году к 2025 году: динамика положительная: ВПР, русский язык (5 класс).",
        "changes": (make_change(),),
    }
    return PairFacts(**{**defaults, **fields})


def make_line(name: str = "МБОУ «СОШ № 3»") -> SchoolLine:
    return SchoolLine(
        name=name,
        url="/schools/3/results/?year=2026",
        parallel=SchoolTrend.DECLINING,
        parallel_levels=Levels(improving=0, stable=3, declining=1, unknown=2),
        cohort=SchoolTrend.INSUFFICIENT_DATA,
        cohort_levels=Levels(improving=0, stable=0, declining=0, unknown=4),
    )


def make_r9(**fields: Any) -> R9Facts:
    """Return the dynamics of a school over two years; a territory with `school=""`."""
    work = WorkYears(title="ВПР, русский язык, 5 класс", code="ВПР РУ-5", counts=(BEFORE, AFTER))
    defaults = {
        "frame": FRAME,
        "school": "МБОУ «СОШ № 3»",
        "url": "/schools/3/results/",
        "years": (2025, 2026),
        "works": (work,),
        "pairs": (make_pair(),),
        "schools": (),
        "has_schools": False,
        "beside": (),
        "execution": None,
        "bounds": BOUNDS,
        "cautions": (),
    }
    return R9Facts(**{**defaults, **fields})


def make_work(**fields: Any) -> WorkFacts:
    defaults = {
        "title": "ВПР, русский язык, 5 класс",
        "year": 2026,
        "low": 12,
        "participants": 40,
        "needed": 12,
        "is_low": True,
        "is_counted": True,
        "note": "за порогом: 1 чел.; чтобы работа не была за порогом, не более 11 низких из 40",
        "interval": "18,1–45,4 %",
        "source": "Ф3_РУ_5.xlsx, строка 14",
    }
    return WorkFacts(**{**defaults, **fields})


def make_grounds(**fields: Any) -> Grounds:
    defaults = {
        "verdict": "Низкие результаты",
        "rule": "Федеральный подход (RU-2025, версия 1)",
        "rule_told": "Документ-основание: не указан.",
        "threshold": "30 %",
        "steps": (StepFacts(kind="ok", text="2 процедуры за порогом: нужно не менее 2"),),
        "works": (make_work(),),
        "missing": "",
        "loaded": (),
        "signs": (),
        "reasons": ("ВПР, русский язык, 5 класс: низкий результат у 12 из 40 участников.",),
        "decision": "Включена",
        "around": (AroundFacts(title="ВПР, русский язык, 5 класс, 2026 год", place="Округ", low=20, participants=100),),
    }
    return Grounds(**{**defaults, **fields})


def make_r8s(**fields: Any) -> R8SFacts:
    defaults = {
        "frame": FRAME,
        "school": "МБОУ «СОШ № 3»",
        "inn": "7700000017",
        "url": "/identification/verdicts/3/",
        "kind": "Муниципальный перечень ШНОР",
        "year": 2026,
        "basis": make_act_facts(number="412"),
        "item_reasons": (),
        "note": "",
        "left": "",
        "grounds": make_grounds(),
        "cautions": (),
    }
    return R8SFacts(**{**defaults, **fields})
