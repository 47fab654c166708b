"""Several people save a version of a rule at once: each gets a number of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from copy import copy
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection, transaction

from accounts.models import User
from schools.actions.rule_drafts import draft_rule_set
from schools.actions.rule_sets import load_rule_set, new_version
from schools.actions.social import load_social_rule, new_social_version
from schools.models import IdentificationRuleSet, SocialIndexRule
from tests.factories.lists import AT
from tests.factories.schools import make_user

pytestmark = pytest.mark.django_db
SOON = 0.5  # seconds in which a step that does not wait is done
Version = IdentificationRuleSet | SocialIndexRule
Save = Callable[[Any, User], Version]


def trial_saved(rule_set: IdentificationRuleSet, by: User) -> IdentificationRuleSet:
    return new_version(rule_set=rule_set, changes={"share_threshold_pct": "25"}, basis=None, by=by)


def draft_made(rule_set: IdentificationRuleSet, by: User) -> IdentificationRuleSet:
    return draft_rule_set(source=rule_set, by=by, at=AT)


def social_saved(rule: SocialIndexRule, by: User) -> SocialIndexRule:
    return new_social_version(rule=rule, parameters=rule.parameters, provenance="Приказ", by=by)


RULES = pytest.mark.parametrize(
    ("load", "save"),
    [
        pytest.param(load_rule_set, trial_saved, id="out of a trial"),
        pytest.param(load_rule_set, draft_made, id="draft"),
        pytest.param(load_social_rule, social_saved, id="social index"),
    ],
)


class StoredMeanwhile:
    """Stores another version right after the first look at the versions, as somebody whom the look has waited for."""

    def __init__(self, base: Version) -> None:
        self.base, self.is_stored = base, False

    def __call__(self, execute: Any, sql: str, *arguments: Any) -> Any:
        found = execute(sql, *arguments)
        if not self.is_stored and sql.startswith("SELECT") and '."version"' in sql:
            self.is_stored = True
            other = copy(self.base)
            other.pk, other.version = uuid4(), 2
            other.save(force_insert=True)
        return found


@RULES
def test_version_stored_while_this_one_waited_is_seen(load: Callable[..., Version], save: Save) -> None:
    base, person = load(by=None), make_user()

    with connection.execute_wrapper(StoredMeanwhile(base)):
        saved = save(base, person)

    assert saved.version == 3


@pytest.mark.skipif(not settings.DATABASE_URL, reason="SQLite в памяти держит одно соединение")
@pytest.mark.django_db(transaction=True)
@RULES
def test_two_versions_at_once_take_two_numbers(load: Callable[..., Version], save: Save) -> None:
    person, base = make_user(), load(by=None)

    def second_save() -> int:
        try:
            return save(base, person).version
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first = save(base, person)
            second = pool.submit(second_save)
            with suppress(TimeoutError):
                second.exception(SOON)  # waits for the first

        assert (first.version, second.result()) == (2, 3)
