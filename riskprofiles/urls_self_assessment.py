from django.urls import path

from riskprofiles.views import school_forms, self_assessment, uploads

app_name = "self_assessment"

urlpatterns = [
    path("", self_assessment.task_list, name="list"),
    path("received/", school_forms.received, name="received"),
    path("forms/<uuid:school_pk>/<str:code>/<int:year>/upload/", school_forms.upload, name="school_form_upload"),
    path("forms/<uuid:pk>/", school_forms.detail, name="school_form"),
    path("forms/<uuid:pk>/progress/", school_forms.progress, name="school_form_progress"),
    path("forms/<uuid:pk>/check/", school_forms.check, name="school_form_check"),
    path("forms/<uuid:pk>/apply/", school_forms.apply, name="school_form_apply"),
    path("forms/<uuid:pk>/give-up/", school_forms.give_up, name="school_form_give_up"),
    path("forms/<uuid:pk>/accept/", school_forms.accept, name="school_form_accept"),
    path("forms/<uuid:pk>/return/", school_forms.send_back, name="school_form_return"),
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
