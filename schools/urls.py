from django.urls import path

from schools.views import registry, school_analysis, school_registry

app_name = "schools"

urlpatterns = [
    path("", registry.school_list, name="list"),
    path("download/", registry.download, name="download"),
    path("<uuid:pk>/results/", school_analysis.results, name="results"),
    path("<uuid:pk>/conditions/", school_analysis.conditions, name="conditions"),
    path("<uuid:pk>/withdraw/", school_registry.withdraw, name="withdraw"),
    path("<uuid:pk>/<slug:act>/", school_registry.change, name="change"),
]
