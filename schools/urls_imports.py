from django.urls import path

from schools.views import import_files, import_review, imports, templates

app_name = "imports"

urlpatterns = [
    path("", imports.batch_list, name="list"),
    path("upload/", imports.upload, name="upload"),
    path("template/results/", import_files.template_results, name="template_results"),
    path("template/schools/", import_files.template_registry, name="template_registry"),
    path("templates/", templates.template_list, name="templates"),
    path("templates/<str:code>/", templates.download, name="template"),
    path("templates/<str:code>/prepare/", templates.prepare, name="prepare_template"),
    path("prepared/<uuid:pk>/", import_files.prepared, name="prepared"),
    path("aliases/", import_review.alias_list, name="aliases"),
    path("aliases/<int:pk>/delete/", import_review.alias_delete, name="alias_delete"),
    path("files/<uuid:pk>/", import_files.file_content, name="file"),
    path("files/<uuid:pk>/marked/", import_files.file_marked, name="marked"),
    path("files/<uuid:pk>/marked/prepare/", import_files.prepare_marked, name="prepare_marked"),
    path("files/<uuid:pk>/correct/", import_review.file_correct, name="correct"),
    path("files/<uuid:pk>/leave-out/", import_review.file_leave_out, name="leave_out"),
    path("<uuid:pk>/", imports.batch_detail, name="batch"),
    path("<uuid:pk>/progress/", imports.batch_progress, name="progress"),
    path("<uuid:pk>/cancel/", imports.batch_cancel, name="cancel"),
    path("<uuid:pk>/remarks/", import_review.batch_remarks, name="remarks"),
    path("<uuid:pk>/schools/", import_review.batch_schools, name="schools"),
    path("<uuid:pk>/problems/", import_files.batch_problems, name="problems"),
    path("<uuid:pk>/template/", import_files.batch_template, name="batch_template"),
    path("<uuid:pk>/template/prepare/", import_files.prepare_batch_template, name="prepare_batch_template"),
    path("<uuid:pk>/check/", imports.batch_check, name="check"),
    path("<uuid:pk>/apply/", imports.batch_apply, name="apply"),
    path("<uuid:pk>/reject/", imports.batch_reject, name="reject"),
    path("<uuid:pk>/undo/", imports.batch_undo, name="undo"),
]
