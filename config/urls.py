"""Where the pages are. The first segments are fixed: people bookmark them and scripts rely on them."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("reports.urls_today")),
    path("", include("accounts.urls")),
    path("", include("jobs.urls_health")),
    path("jobs/", include("jobs.urls")),
    path("schools/", include("schools.urls")),
    path("imports/", include("schools.urls_imports")),
    path("identification/", include("schools.urls_identification")),
    path("risk-profiles/", include("riskprofiles.urls")),
    path("self-assessment/", include("riskprofiles.urls_self_assessment")),
    path("roadmaps/", include("roadmaps.urls")),
    path("monitoring/", include("monitoring.urls")),
    path("reports/", include("reports.urls")),
    path("admin/", admin.site.urls),
]

handler500 = "accounts.views.server_error"
