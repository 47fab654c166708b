"""Templates out: a page that lists them, and the download of one, filled with what the portal has."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST, require_safe

from accounts.access import access
from accounts.audit import record
from accounts.choices import AuditCode
from accounts.errors import ActionRefused
from accounts.http import AuthenticatedHttpRequest, attachment, typed
from accounts.permissions import Permission
from schools.access import may
from schools.importing.prepared import queue_template
from schools.importing.templates import REGISTERED, Asked, Template, templates
from schools.models import School, Territory

OWN_DATA = Permission.UPLOAD_OWN_DATA
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@access(Permission.VIEW_IMPORTS)
def template_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Show every template with what it is for, for a chosen territory or school."""
    territories = list(Territory.objects.visible_to(request.user).order_by("-level", "name", "pk"))
    if not territories:
        raise Http404
    asked = request.GET.get("territory", "")
    territory = next((one for one in territories if one.code == asked), territories[0])
    schools = list(schools_of(request, territory))
    school = next((one for one in schools if is_asked(one, request)), None)
    today = timezone.localdate()
    context = {
        "territories": territories,
        "territory": territory,
        "schools": schools,
        "school": school,
        "cards": [
            (template, template.periods(today), school is None and template.is_long(len(schools)))
            for template in templates()
            if suits(template, school)
        ],
        "hidden": [template for template in templates() if not suits(template, school)],
    }
    return render(request, "imports/template_list.html", context)


def is_asked(school: School, request: AuthenticatedHttpRequest) -> bool:
    """Answer whether the address asks for this school: by its ИНН or by its public id, as a branch has no ИНН."""
    inn = request.GET.get("inn")
    return school.inn == inn if inn else str(school.pk) == request.GET.get("school")


def suits(template: Template, school: School | None) -> bool:
    return school is not None or not template.for_schools_only


def schools_of(request: AuthenticatedHttpRequest, territory: Territory) -> QuerySet[School]:
    """Return the working schools of a territory that the person sees, by name."""
    schools = School.objects.visible_to(request.user).in_territory(territory).active()
    return schools.select_related("territory").order_by("name", "pk")


@require_GET
@access(Permission.VIEW_SCHOOLS)
def download(request: AuthenticatedHttpRequest, code: str) -> HttpResponse:
    """Give a template of one school (`inn`, `school`) or of a territory (`territory`), filled with what one may see."""
    if code not in REGISTERED:
        raise Http404
    template = REGISTERED[code]
    asked = asked_of(request, template)
    if not suits(template, asked.school):
        messages.error(request, f"Шаблон «{template.title}» составляется для одной школы. Выберите школу.")
        return list_of(asked)
    try:
        data = template.book(asked)
    except ActionRefused as refusal:
        messages.error(request, refusal.text)
        return list_of(asked)
    record(AuditCode.REPORT_DOWNLOADED, actor=request.user, obj=asked.school or asked.territory, template=code)
    return HttpResponse(data, content_type=XLSX, headers=attachment(template.file_name(asked)))


@require_POST
@access(Permission.VIEW_SCHOOLS)
def prepare(request: AuthenticatedHttpRequest, code: str) -> HttpResponse:
    """Have a template of many schools made by a job; the job gives the file."""
    if code not in REGISTERED:
        raise Http404
    template = REGISTERED[code]
    asked = asked_of(request, template)
    if not suits(template, asked.school):
        raise Http404
    return redirect(queue_template(code, asked, by=request.user))


def list_of(asked: Asked) -> HttpResponseRedirect:
    response = redirect("imports:templates")
    response["Location"] += f"?territory={asked.territory.code}"
    return response


def asked_of(request: AuthenticatedHttpRequest, template: Template) -> Asked:
    """Return what is asked for. A school or a territory out of sight is not found; an unknown period is the latest."""
    periods = [period.value for period in template.periods(timezone.localdate())]
    period = said(request, "period")
    territory, school = owner_of(request)
    return Asked(
        territory=territory,
        school=school,
        schools=[school] if school else list(schools_of(request, territory)),
        period=period if period in periods else periods[0],
        is_filled=said(request, "fill") != "0" and may_see_data(request, school or territory),
    )


def said(request: AuthenticatedHttpRequest, name: str) -> str:
    """Return what the address asks for, or the form that has a template prepared; without zero characters."""
    if request.method == "POST":
        return typed(request, name)
    return request.GET.get(name, "").replace("\x00", "")


def may_see_data(request: AuthenticatedHttpRequest, owner: School | Territory) -> bool:
    """Answer whether a person may see the data of forms; others who see the school get an empty template."""
    return any(may(request.user, permission, owner) for permission in (Permission.VIEW_IMPORTS, OWN_DATA))


def owner_of(request: AuthenticatedHttpRequest) -> tuple[Territory, School | None]:
    """Return the territory of the template, and the school when it is asked for one."""
    if said(request, "inn") or said(request, "school"):
        school = school_of(request)
        return school.territory, school
    territories = Territory.objects.visible_to(request.user).order_by("-level", "name", "pk")
    code = said(request, "territory")
    territory = territories.filter(code=code).first() if code else territories.first()
    if territory is None:
        raise Http404
    return territory, None


def school_of(request: AuthenticatedHttpRequest) -> School:
    """Return the one school that the address asks for by its ИНН or its public id; 404 when the person sees none."""
    visible = School.objects.visible_to(request.user).select_related("territory")
    if inn := said(request, "inn"):
        return get_object_or_404(visible, inn=inn)
    try:
        return get_object_or_404(visible, pk=said(request, "school"))
    except ValidationError:
        raise Http404 from None
