"""Legal acts are written down once and referred to."""

from django.db import transaction

from accounts.audit import record
from accounts.choices import AuditCode
from accounts.models import User
from schools.models import LegalAct


@transaction.atomic
def register_act(*, act: LegalAct, by: User) -> LegalAct:
    """Store an act; the same requisites of the same body are one act, not two."""
    same = LegalAct.objects.filter(
        territory=act.territory,
        school=act.school,
        kind=act.kind,
        date=act.date,
        number=act.number,
    ).first()
    if same:
        return same
    act.save()
    record(AuditCode.LEGAL_ACT_RECORDED, actor=by, obj=act)
    return act
