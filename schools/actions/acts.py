"""Legal acts are written down once and referred to."""

from django.db import transaction

from accounts.audit import record
from accounts.choices import AuditCode
from accounts.models import User
from schools.errors import ActRefused
from schools.models import LegalAct


@transaction.atomic
def register_act(*, act: LegalAct, by: User) -> LegalAct:
    """Store an act; the same requisites of the same body are one act, not two. Raises ActRefused."""
    same = stored_as(act)
    if same:
        return same
    act.save()
    record(AuditCode.LEGAL_ACT_RECORDED, actor=by, obj=act)
    return act


def stored_as(act: LegalAct) -> LegalAct | None:
    """Return the stored act of the same issuer with the same kind, date and number; None when there is none.

    Raises ActRefused when its title is another one: what rests on it would be printed with a document not meant.
    """
    rows = LegalAct.objects.filter(
        territory=act.territory,
        school=act.school,
        kind=act.kind,
        date=act.date,
        number=act.number,
    )
    issuer = plain(act.issuer_genitive)
    same = next((each for each in rows if plain(each.issuer_genitive) == issuer), None)
    if same and plain(act.title) not in {"", plain(same.title)}:
        raise ActRefused(told_title(same), field="title")
    return same


def told_title(act: LegalAct) -> str:
    """Return how a stored act is titled and what to do about another title."""
    known = f"с заголовком «{act.title}»" if act.title else "без заголовка"
    same = f"напишите «{act.title}»" if act.title else "оставьте поле пустым"
    return (
        f"В портале уже есть {act}, {known}. Если это тот же документ, {same}; "
        "если другой, проверьте вид, дату, номер и чей он."
    )


def plain(text: str) -> str:
    """Return a text without what people write differently: letter case, spaces, quotes, the last full stop."""
    return " ".join(text.casefold().replace("ё", "е").split()).strip(' .«»"')
