from django.urls import path

from schools.views import registry

app_name = "schools"

urlpatterns = [
    path("", registry.school_list, name="list"),
]
