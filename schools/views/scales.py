"""The scales of marks: what the portal knows of their borders, with the origin of each."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import access
from accounts.http import AuthenticatedHttpRequest
from accounts.permissions import Permission
from schools.objectivity_reading import OWN_SCALES, own_scales
from schools.scale_pages import scale_groups


@require_safe
@access(Permission.VIEW_IDENTIFICATION)
def mark_scales(request: AuthenticatedHttpRequest) -> HttpResponse:
    own = own_scales()
    context = {"groups": scale_groups(own.scales), "problem": own.problem, "file": OWN_SCALES}
    return render(request, "identification/mark_scales.html", context)
