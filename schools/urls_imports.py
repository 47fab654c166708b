from django.urls import path

from schools.views import imports

app_name = "imports"

urlpatterns = [
    path("", imports.batch_list, name="list"),
    path("upload/", imports.upload, name="upload"),
    path("template/results/", imports.template_results, name="template_results"),
    path("template/schools/", imports.template_registry, name="template_registry"),
    path("files/<uuid:pk>/", imports.file_content, name="file"),
    path("<uuid:pk>/", imports.batch_detail, name="batch"),
    path("<uuid:pk>/progress/", imports.batch_progress, name="progress"),
    path("<uuid:pk>/problems/", imports.batch_problems, name="problems"),
    path("<uuid:pk>/check/", imports.batch_check, name="check"),
    path("<uuid:pk>/apply/", imports.batch_apply, name="apply"),
    path("<uuid:pk>/reject/", imports.batch_reject, name="reject"),
    path("<uuid:pk>/undo/", imports.batch_undo, name="undo"),
]
