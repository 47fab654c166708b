"""The self-diagnosis as a file: download, upload, preview «было — будет», applying."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import access
from accounts.errors import ActionRefused
from accounts.http import AuthenticatedHttpRequest, attachment
from accounts.permissions import Permission
from accounts.russian import count
from riskprofiles import actions
from riskprofiles.actions.uploads import form_book, upload_changes
from riskprofiles.choices import UploadState
from riskprofiles.forms import SeenVersionForm, UploadForm
from riskprofiles.models import RiskProfile, SelfDiagnosisUpload
from riskprofiles.views.self_assessment import own_profile
from schools.intake.limits import DEFAULT_LIMITS
from schools.intake.reader import read_workbook
from schools.intake.refusals import Refusal

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ANSWERS = "ответ,ответа,ответов"


@require_safe
@access(Permission.FILL_SELF_DIAGNOSIS)
def download(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    profile = own_profile(request, pk)
    name = f"Самодиагностика {profile.year} {profile.school.inn}.xlsx"
    return HttpResponse(form_book(profile), content_type=XLSX, headers=attachment(name))


@require_POST
@access(Permission.FILL_SELF_DIAGNOSIS)
def upload(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    profile = own_profile(request, pk)
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors["file"])))
        return redirect("self_assessment:form", profile.pk)
    try:
        received = receive(request, profile, form)
    except (Refusal, ActionRefused) as refusal:
        messages.error(request, f"Файл «{form.cleaned_data['file'].name}» не принят. {refusal}")
        return redirect("self_assessment:form", profile.pk)
    return redirect("self_assessment:preview", profile.pk, received.pk)


def receive(request: AuthenticatedHttpRequest, profile: RiskProfile, form: UploadForm) -> SelfDiagnosisUpload:
    """Read a file and store what it would change. Raises Refusal, ActionRefused."""
    file = form.cleaned_data["file"]
    data = file.read(DEFAULT_LIMITS.file_bytes + 1)
    return actions.receive_upload(
        profile=profile,
        name=file.name,
        data=data,
        book=read_workbook(data),
        by=request.user,
        at=timezone.now(),
    )


def own_upload(profile: RiskProfile, pk: uuid.UUID) -> SelfDiagnosisUpload:
    return get_object_or_404(profile.self_diagnosis.uploads.select_related("diagnosis__profile"), pk=pk)


@require_safe
@access(Permission.FILL_SELF_DIAGNOSIS)
def preview(request: AuthenticatedHttpRequest, pk: uuid.UUID, upload_pk: uuid.UUID) -> HttpResponse:
    profile = own_profile(request, pk)
    received = own_upload(profile, upload_pk)
    changes = upload_changes(received, list(profile.factors.in_order()))
    context = {
        "profile": profile,
        "diagnosis": profile.self_diagnosis,
        "upload": received,
        "changes": changes,
        "can_apply": received.state == UploadState.WAITING and profile.self_diagnosis.is_open,
    }
    return render(request, "riskprofiles/upload_preview.html", context)


@require_POST
@access(Permission.FILL_SELF_DIAGNOSIS)
def apply(request: AuthenticatedHttpRequest, pk: uuid.UUID, upload_pk: uuid.UUID) -> HttpResponse:
    profile = own_profile(request, pk)
    received = own_upload(profile, upload_pk)
    try:
        saved = actions.apply_upload(
            upload=received,
            seen_version=seen_version(request),
            by=request.user,
            at=timezone.now(),
        )
    except ActionRefused as refusal:
        messages.error(request, refusal.text)
        return redirect("self_assessment:preview", profile.pk, received.pk)
    messages.success(request, f"Сохранено из файла: {count(saved, ANSWERS)}. Проверьте форму и сдайте её.")
    return redirect("self_assessment:form", profile.pk)


def seen_version(request: AuthenticatedHttpRequest) -> int:
    """Return the version of the form that the preview was compared with; 0 for what is no version."""
    form = SeenVersionForm(request.POST)
    return form.cleaned_data["version"] if form.is_valid() else 0


@require_POST
@access(Permission.FILL_SELF_DIAGNOSIS)
def discard(request: AuthenticatedHttpRequest, pk: uuid.UUID, upload_pk: uuid.UUID) -> HttpResponse:
    profile = own_profile(request, pk)
    try:
        actions.discard_upload(upload=own_upload(profile, upload_pk), by=request.user)
    except ActionRefused as refusal:
        messages.error(request, refusal.text)
    else:
        messages.info(request, "Файл отложен, форма осталась как была.")
    return redirect("self_assessment:form", profile.pk)
