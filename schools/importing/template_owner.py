"""Whose template came back: the school, the territory and the period of the hidden sheet against the batch."""

from typing import Final
from uuid import UUID

from schools.importing.templates import keys_of
from schools.intake.refusals import OWNER_MATTERS, Code, Refusal
from schools.intake.rows import ParsedFile
from schools.intake.template_meta import FORM_TITLES, INTERNAL_WORKS, TemplateMeta, is_year
from schools.models import ImportBatch, School, Territory
from schools.statistics import FORMS

SCHOOL_FORMS: Final = (*FORMS, INTERNAL_WORKS)


def owner_refusal(batch: ImportBatch, parsed: ParsedFile) -> Refusal | None:
    """Return why a template may not come in by this batch, None when it may or when the file is no template.

    A school gives its own forms only; a territory takes templates of its schools and of itself.
    """
    meta = meta_of(parsed)
    if batch.school:
        return wrong_form(meta) or wrong_school(meta, batch.school) or ahead(meta, batch)
    if meta is None:
        return None
    return out_of_reach(meta, batch) or ahead(meta, batch)


def refusal_to_owner(batch: ImportBatch, refusal: Refusal) -> Refusal:
    """Return why a refused template may not come in: that it is another's is told before that it is blank or old."""
    if refusal.code not in OWNER_MATTERS:
        return refusal
    return owner_refusal(batch, ParsedFile(layout="", title="", meta=dict(refusal.meta))) or refusal


def meta_of(parsed: ParsedFile) -> TemplateMeta | None:
    """Return what the hidden sheet said; None for a file that had none."""
    said = parsed.meta
    if not said.get("form"):
        return None
    return TemplateMeta(
        form=said["form"],
        version=int(said["version"]),
        inn=said.get("inn", ""),
        school=said.get("school", ""),
        territory=said.get("territory", ""),
        period=said.get("period", ""),
    )


def wrong_form(meta: TemplateMeta | None) -> Refusal | None:
    if meta and meta.form in SCHOOL_FORMS:
        return None
    return Refusal(
        Code.OTHER_FORM,
        "Это не форма самообследования, скачанная с портала.",
        found=f"«{meta.title}»" if meta else "файл без служебного листа",
        expected=", ".join(FORM_TITLES[form] for form in SCHOOL_FORMS),
        action="Скачайте форму на странице самообследования, перенесите в неё данные и загрузите её.",
    )


def wrong_school(meta: TemplateMeta | None, school: School) -> Refusal | None:
    own_keys = keys_of(school)
    if meta is None or one_school(meta) == own_keys:
        return None
    own = TemplateMeta(form=meta.form, version=meta.version, period=meta.period, **own_keys)
    return Refusal(
        Code.OTHER_TEMPLATE,
        f"Форма другой школы: {meta.title}.",
        found=owner_words(meta),
        expected=f"{school.name}, ИНН {school.inn}" if school.inn else school.name,
        action=f"Скачайте форму своей школы: {own.path}.",
    )


def one_school(meta: TemplateMeta) -> dict[str, str]:
    """Return the keys of the one school of a template as `keys_of` has them, nothing for other templates."""
    return {name: value for name, value in (("inn", meta.inn), ("school", meta.school)) if value}


def owner_words(meta: TemplateMeta) -> str:
    if meta.inn:
        return f"ИНН {meta.inn}"
    if meta.school:
        return "шаблон другого филиала"
    return f"код территории {meta.territory}" if meta.territory else "шаблон без школы"


def is_of_territory(meta: TemplateMeta, territory: Territory) -> bool:
    """Answer whether the one school of a template, if it has one, belongs to a territory."""
    schools = School.objects.in_territory(territory)
    if meta.school:
        return is_id(meta.school) and schools.filter(pk=meta.school).exists()
    return not meta.inn or schools.filter(inn=meta.inn).exists()


def is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def out_of_reach(meta: TemplateMeta, batch: ImportBatch) -> Refusal | None:
    """Return the refusal of a template of a school or a territory that the batch does not cover."""
    territory = batch.territory
    if is_of_territory(meta, territory) and (not meta.territory or meta.territory in codes_of(territory)):
        return None
    own = TemplateMeta(form=meta.form, version=meta.version, territory=territory.code, period=meta.period)
    return Refusal(
        Code.OTHER_TEMPLATE,
        f"Шаблон «{meta.title}» другой школы или территории.",
        found=owner_words(meta),
        expected=f"{territory.name} или её школа",
        action=f"Скачайте шаблон своей территории: {own.path}.",
    )


def codes_of(territory: Territory) -> set[str]:
    return {territory.code, *territory.children.values_list("code", flat=True)}


def ahead(meta: TemplateMeta | None, batch: ImportBatch) -> Refusal | None:
    """Return the refusal of a year that has not come."""
    if meta is None or not is_year(meta.period) or int(meta.period) <= batch.created_at.year:
        return None
    latest = batch.created_at.year
    right = TemplateMeta(
        form=meta.form,
        version=meta.version,
        territory=meta.territory,
        period=str(latest),
        **one_school(meta),
    )
    return Refusal(
        Code.OTHER_TEMPLATE,
        f"Шаблон «{meta.title}» за год, который ещё не наступил.",
        found=f"{meta.period} год",
        expected=f"не позже {latest} года",
        action=f"Скачайте шаблон за нужный год: {right.path}.",
    )
