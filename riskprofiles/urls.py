from django.urls import URLPattern

app_name = "riskprofiles"

urlpatterns: list[URLPattern] = []
