"""Two questions of a load balancer: is the process alive, may it get requests."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from accounts.access import public
from jobs import health


@require_safe
@public
def live(_request: HttpRequest) -> JsonResponse:
    """Answer as long as the process can, whatever else is broken."""
    return JsonResponse({"status": "ok"})


@require_safe
@public
def ready(_request: HttpRequest) -> JsonResponse:
    """Answer 503 while the database is away. A broker out of reach is no reason to turn people away."""
    if health.database_answers():
        return JsonResponse({"status": "ok"})
    return JsonResponse({"status": "down", "reason": "database"}, status=503, headers={"Retry-After": "5"})
