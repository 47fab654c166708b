from django.urls import path

from reports.dashboards import school, today

app_name = "dashboards"

urlpatterns = [
    path("", today.today, name="today"),
    path("schools/<uuid:pk>/", school.school_card, name="school"),
]
