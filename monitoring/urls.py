from django.urls import path

from monitoring import views

app_name = "monitoring"

urlpatterns = [
    path("", views.cycle_list, name="cycles"),
    path("new/", views.cycle_create, name="create"),
    path("<uuid:pk>/", views.cycle_detail, name="cycle"),
    path("<uuid:pk>/move/", views.cycle_move, name="move"),
    path("<uuid:pk>/delete/", views.cycle_delete, name="delete"),
    path("<uuid:pk>/remind/", views.cycle_remind, name="remind"),
    path("submissions/<uuid:pk>/", views.submission_detail, name="submission"),
    path("submissions/<uuid:pk>/submit/", views.submission_submit, name="submit"),
    path("submissions/<uuid:pk>/accept/", views.submission_accept, name="accept"),
    path("submissions/<uuid:pk>/return/", views.submission_return, name="return"),
    path("readings/<int:pk>/", views.reading_save, name="reading"),
]
