from django.urls import path

from reports import views

app_name = "reports"

urlpatterns = [
    path("", views.report_list, name="list"),
    path("new/", views.report_create, name="create"),
    path("preview/", views.report_preview, name="preview"),
    path("<uuid:pk>/", views.report_detail, name="detail"),
    path("<uuid:pk>/rebuild/", views.report_rebuild, name="rebuild"),
    path("<uuid:pk>/files/<str:file_format>/", views.report_download, name="download"),
]
