from django.urls import path

from riskprofiles.views import self_assessment, uploads

app_name = "self_assessment"

urlpatterns = [
    path("", self_assessment.task_list, name="list"),
    path("<uuid:pk>/", self_assessment.form, name="form"),
    path("<uuid:pk>/check/", self_assessment.check, name="check"),
    path("<uuid:pk>/submit/", self_assessment.submit, name="submit"),
    path("<uuid:pk>/own/", self_assessment.add_own, name="add_own"),
    path("<uuid:pk>/own/<uuid:factor_pk>/remove/", self_assessment.remove_own, name="remove_own"),
    path("<uuid:pk>/factors/<uuid:factor_pk>/<str:field>/", self_assessment.answer, name="answer"),
    path("<uuid:pk>/book/", uploads.download, name="download"),
    path("<uuid:pk>/upload/", uploads.upload, name="upload"),
    path("<uuid:pk>/uploads/<uuid:upload_pk>/", uploads.preview, name="preview"),
    path("<uuid:pk>/uploads/<uuid:upload_pk>/apply/", uploads.apply, name="apply"),
    path("<uuid:pk>/uploads/<uuid:upload_pk>/discard/", uploads.discard, name="discard"),
]
