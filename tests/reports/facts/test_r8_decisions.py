"""What R8 says of decisions: who was taken out and why, and what a draft lacks."""

from datetime import date
from typing import Any

import pytest

from accounts.russian import NBSP
from reports.errors import NothingToReport
from reports.facts import r8
from reports.facts.parts import Signer
from reports.facts.r8_decisions import NAMES_SHOWN, told
from schools.actions.identification import decide
from schools.actions.lists import cancel_list
from schools.choices import Decision, DecisionReason, ListState
from schools.models import IdentificationRun, Territory
from tests.factories.facts import make_spec
from tests.factories.lists import (
    AT,
    REASON,
    make_draft,
    make_list,
    make_low_school,
    make_near_school,
    make_order,
    make_published_list,
    make_run,
)
from tests.factories.schools import make_school, make_territory, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def territory() -> Territory:
    return make_territory()


@pytest.fixture
def run(territory: Territory) -> IdentificationRun:
    for name in ("А-школа", "Б-школа"):
        make_low_school(territory=territory, name=name)
    make_near_school(territory=territory, name="Близкая")
    return make_run(territory=territory)


def exclude(run: IdentificationRun, name: str, number: str = "") -> None:
    decide(
        verdict=run.verdicts.get(school__name=name),
        decision=Decision.EXCLUDED,
        reason_code=DecisionReason.SMALL_SAMPLE,
        text=REASON,
        document=make_order(run.territory, number) if number else None,
        by=make_user(last_name="Ветрова", first_name="Анна", patronymic="Олеговна"),
        at=AT,
    )


def collected(territory: Territory, **fields: Any) -> r8.R8Facts:
    return r8.collect(make_spec(territory, kind="R8", **fields))


@pytest.mark.parametrize("is_published", [True, False])
def test_exclusions_are_listed_with_reason_text_and_document(
    run: IdentificationRun, territory: Territory, is_published: bool
) -> None:
    exclude(run, "Б-школа", number="7")
    (make_published_list if is_published else make_draft)(run)

    (out,) = collected(territory).taken_out

    assert (out.name, out.reason, out.text) == ("Б-школа", "Малая выборка", REASON)
    assert out.document.endswith(f"№{NBSP}7")
    assert out.decided.replace(NBSP, " ") == "Ветрова А. О., 12.10.2026"


def test_list_by_a_document_takes_nobody_out(territory: Territory) -> None:
    make_list([make_school(territory=territory)], year=2026)

    assert collected(territory).taken_out == ()


def test_draft_says_what_it_lacks(run: IdentificationRun, territory: Territory) -> None:
    exclude(run, "Б-школа")
    make_draft(run)
    decide(verdict=run.verdicts.get(school__name="А-школа"), decision=Decision.POSTPONED, by=make_user(), at=AT)

    missing = collected(territory, signer=None).missing

    assert [sentence.replace(NBSP, " ") for sentence in missing] == [
        "Не принято решение: 1 школа (А-школа).",
        "Решение вопреки расчёту принято без документа: 1 школа (Б-школа).",
        "Состав перечня не утверждён.",
        "Нет приказа: его номер и дата не указаны.",
        "Не указано, кто подписывает перечень.",
        "Состав комиссии портал не хранит: впишите её членов, если перечень рассматривала комиссия.",
    ]


def test_school_by_decision_needs_its_document_too(run: IdentificationRun, territory: Territory) -> None:
    decide(
        verdict=run.verdicts.get(school__name="Близкая"),
        decision=Decision.INCLUDED,
        reason_code=DecisionReason.COMMISSION,
        text=REASON,
        by=make_user(),
        at=AT,
    )
    make_draft(run)

    assert any("без документа" in sentence and "Близкая" in sentence for sentence in collected(territory).missing)


def test_draft_by_a_document_says_whom_it_gives_no_reason_for(territory: Territory) -> None:
    make_list([make_school(territory=territory, name="Новая")], year=2026, state=ListState.DRAFT)

    missing = [sentence.replace(NBSP, " ") for sentence in collected(territory, signer=SIGNER).missing]

    assert missing[0] == "Нет причин включения: 1 школа (Новая)."
    assert not any("подписывает" in sentence for sentence in missing)


SIGNER = Signer(position="начальник управления", name="А. О. Ветрова")


def test_published_list_lacks_nothing(run: IdentificationRun, territory: Territory) -> None:
    exclude(run, "Б-школа")
    make_published_list(run)

    assert collected(territory).missing == ()


def test_many_names_are_cut() -> None:
    (sentence,) = told("Не принято решение", [f"№ {each}" for each in range(NAMES_SHOWN + 2)])

    assert sentence.endswith(f"№ {NAMES_SHOWN - 1} и ещё 2).")


def test_annulled_list_is_named_with_its_order(run: IdentificationRun, territory: Territory) -> None:
    published = make_published_list(run)
    cancel_list(school_list=published, order=make_order(territory, "900"), by=make_user(), at=AT)

    with pytest.raises(NothingToReport, match=r"Перечень по результатам 2026 года отменён: приказ .*№\s900"):
        collected(territory, period_from=date(2026, 1, 1), period_to=date(2026, 12, 31))
