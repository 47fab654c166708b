"""What load balancers and container managers ask."""

from django.urls import path

from jobs import views_health

app_name = "health"

urlpatterns = [
    path("healthz/live", views_health.live, name="live"),
    path("healthz/ready", views_health.ready, name="ready"),
]
