from django.urls import path

from schools.views import decisions, identification, lists

app_name = "identification"

urlpatterns = [
    path("", identification.index, name="index"),
    path("runs/", identification.run_list, name="runs"),
    path("start/", identification.start, name="start"),
    path("rules/<uuid:pk>/", identification.rule_set_detail, name="rule_set"),
    path("verdicts/<uuid:pk>/", decisions.explain, name="explain"),
    path("verdicts/<uuid:pk>/decide/", decisions.decide_school, name="decide"),
    path("lists/<uuid:pk>/", lists.list_detail, name="list"),
    path("lists/<uuid:pk>/approve/", lists.approve, name="approve"),
    path("lists/<uuid:pk>/reopen/", lists.reopen, name="reopen"),
    path("lists/<uuid:pk>/publish/", lists.publish, name="publish"),
    path("lists/<uuid:pk>/cancel/", lists.cancel, name="cancel"),
    path("<uuid:pk>/", identification.run_detail, name="run"),
    path("<uuid:pk>/include/", decisions.include_chosen, name="include"),
    path("<uuid:pk>/list/", lists.draft, name="draft"),
    path("<uuid:pk>/list.xlsx", identification.download, name="download"),
]
