from django.urls import path

from roadmaps.views import cells, execution, pages, steps

app_name = "roadmaps"

urlpatterns = [
    path("", pages.roadmap_list, name="list"),
    path("new/", pages.roadmap_create, name="create"),
    path("<uuid:pk>/", pages.roadmap_detail, name="detail"),
    path("<uuid:pk>/remarks/", pages.roadmap_remarks, name="remarks"),
    path("<uuid:pk>/changes/", pages.roadmap_changes, name="changes"),
    path("<uuid:pk>/delete/", steps.delete, name="delete"),
    path("<uuid:pk>/send/", steps.send, name="send"),
    path("<uuid:pk>/agree/", steps.agree, name="agree"),
    path("<uuid:pk>/return/", steps.give_back, name="return"),
    path("<uuid:pk>/approve/", steps.approve, name="approve"),
    path("<uuid:pk>/start/", steps.start, name="start"),
    path("<uuid:pk>/close/", steps.close, name="close"),
    path("<uuid:pk>/revise/", steps.revise, name="revise"),
    path("<uuid:pk>/undo/", cells.undo, name="undo"),
    path("<uuid:pk>/sections/", cells.section_add, name="section_add"),
    path("sections/<uuid:pk>/objective/", cells.section_objective, name="objective"),
    path("sections/<uuid:pk>/measures/", cells.measure_add, name="measure_add"),
    path("<uuid:pk>/library/", cells.library_add, name="library_add"),
    path("measures/<uuid:pk>/", execution.measure_detail, name="measure"),
    path("measures/<uuid:pk>/row/", cells.measure_row, name="row"),
    path("measures/<uuid:pk>/cells/<slug:name>/", cells.cell_save, name="cell"),
    path("measures/<uuid:pk>/factors/", cells.measure_factors, name="factors"),
    path("measures/<uuid:pk>/move/", cells.measure_move, name="move"),
    path("measures/<uuid:pk>/exclude/", cells.measure_exclude, name="exclude"),
    path("measures/<uuid:pk>/restore/", cells.measure_restore, name="restore"),
    path("measures/<uuid:pk>/report/", execution.measure_report, name="report"),
    path("measures/<uuid:pk>/evidence/", execution.evidence_add, name="evidence_add"),
    path("measures/<uuid:pk>/confirm/", execution.measure_confirm, name="confirm"),
    path("measures/<uuid:pk>/return/", execution.measure_return, name="measure_return"),
    path("evidence/<uuid:pk>/", execution.evidence_file, name="evidence"),
    path("evidence/<uuid:pk>/remove/", execution.evidence_remove, name="evidence_remove"),
]
