"""Versions of rule sets in the making: copied, edited by several people, deleted; frozen by the first run."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from accounts.audit import record
from accounts.choices import AuditCode
from accounts.models import User
from schools.actions.acts import register_act
from schools.actions.versions import newest_held, refuse_moved_on
from schools.calculation import read_rules
from schools.errors import FrozenRow, RuleSetMovedOn, RuleSetRefused
from schools.models import IdentificationRuleSet, LegalAct

EDITED: Final = (
    "title",
    "year",
    "provenance",
    "justification",
    "parameters",
    "basis_document",
    "edition",
    "edited_by",
    "edited_at",
)


@dataclass(frozen=True, kw_only=True)
class Content:
    """What a draft holds. basis: not necessarily stored yet."""

    title: str
    year: int
    parameters: Mapping[str, Any]
    provenance: str = ""
    justification: str = ""
    basis: LegalAct | None = None


@transaction.atomic
def draft_rule_set(
    *,
    source: IdentificationRuleSet,
    code: str = "",
    by: User,
    at: datetime,
) -> IdentificationRuleSet:
    """Copy a version as a draft: the next version of its code, or the first one of a new `code`.

    Raises RuleSetRefused when the new code is taken.
    """
    newest = newest_held(IdentificationRuleSet.objects.of_code(code or source.code))
    draft, is_new = IdentificationRuleSet.objects.get_or_create(
        code=code or source.code,
        version=newest.version + 1 if newest else 1,
        defaults={
            "title": source.title.replace(source.code, code or source.code),
            "year": source.year,
            "provenance": source.provenance,
            "parameters": read_rules(source.parameters).to_parameters(),
            "based_on": source,
            "edited_by": by,
            "edited_at": at,
        },
    )
    if not is_new or (code and newest):
        raise RuleSetRefused(f"Набор правил «{draft.code}» уже есть. Укажите другой код или создайте его новую версию.")
    record(AuditCode.RULE_SET_CHANGED, actor=by, obj=draft, version=draft.version, based_on=str(source))
    return draft


@transaction.atomic
def edit_rule_set(
    *,
    rule_set: IdentificationRuleSet,
    content: Content,
    seen: int,
    by: User,
    at: datetime,
) -> IdentificationRuleSet:
    """Store what a draft holds now. seen: the edition that the person changed.

    Raises FrozenRow, DraftMovedOn when there is a newer edition, RuleSetRefused.
    """
    draft = locked_draft(rule_set)
    refuse_moved_on(draft, seen=seen, by=by)
    before, parameters = draft.parameters, read_rules(content.parameters).to_parameters()
    draft.title, draft.year, draft.parameters = content.title, content.year, parameters
    draft.provenance, draft.justification = content.provenance, content.justification
    draft.basis_document = register_act(act=content.basis, by=by) if content.basis else None
    draft.edition, draft.edited_by, draft.edited_at = draft.edition + 1, by, at
    draft.save(update_fields=EDITED)
    changed = sorted(name for name in parameters if before.get(name) != parameters[name])
    record(
        AuditCode.RULE_SET_CHANGED, actor=by, obj=draft, version=draft.version, edition=draft.edition, changed=changed
    )
    return draft


@transaction.atomic
def save_as_new(*, rule_set: IdentificationRuleSet, content: Content, by: User, at: datetime) -> IdentificationRuleSet:
    """Store as the next version what was meant for one that changes no more. Raises RuleSetRefused."""
    draft = draft_rule_set(source=rule_set, by=by, at=at)
    return edit_rule_set(rule_set=draft, content=content, seen=draft.edition, by=by, at=at)


@transaction.atomic
def delete_rule_set(*, rule_set: IdentificationRuleSet, by: User) -> None:
    """Remove a draft that nothing rests on. Raises FrozenRow, RuleSetRefused."""
    draft = locked_draft(rule_set)
    if draft.copies.exists():
        raise RuleSetRefused(f"Из версии «{draft}» сделаны другие черновики. Сначала удалите их.")
    record(AuditCode.RULE_SET_CHANGED, actor=by, obj=draft, version=draft.version, deleted=True)
    draft.delete()


@transaction.atomic
def use_rule_set(*, rule_set: IdentificationRuleSet, at: datetime) -> None:
    """Freeze a version for the run that used it. Raises RuleSetMovedOn when the run has read other parameters."""
    locked = IdentificationRuleSet.objects.select_for_update().filter(pk=rule_set.pk).first()
    if locked is None or locked.parameters != rule_set.parameters:
        raise RuleSetMovedOn(f"Правило «{rule_set}» изменили, пока шёл расчёт. Проведите расчёт ещё раз.")
    if locked.frozen_at is None:
        locked.frozen_at = at
        locked.save(update_fields=["frozen_at"])
    rule_set.frozen_at = locked.frozen_at


def locked_draft(rule_set: IdentificationRuleSet) -> IdentificationRuleSet:
    """Hold a version that may change. Raises FrozenRow."""
    rows = IdentificationRuleSet.objects.select_for_update()
    draft = rows.filter(pk=rule_set.pk).first()
    if draft is None:
        raise FrozenRow(f"Черновик «{rule_set}» удалён. Создайте новую версию.")
    if draft.is_draft:
        return draft
    raise FrozenRow(
        f"Версия «{draft}» не меняется: по ней проведён расчёт или она поставляется с порталом. Сохраните новую версию."
    )
