from django.urls import path

from riskprofiles.views import profiles, verification

app_name = "riskprofiles"

urlpatterns = [
    path("", profiles.profile_list, name="list"),
    path("open/", profiles.open_profiles, name="open"),
    path("<uuid:pk>/", profiles.profile_detail, name="detail"),
    path("<uuid:pk>/send/", profiles.send_to_school, name="send"),
    path("<uuid:pk>/activate/", profiles.activate, name="activate"),
    path("<uuid:pk>/approve/", profiles.approve, name="approve"),
    path("<uuid:pk>/reopen/", profiles.reopen, name="reopen"),
    path("<uuid:pk>/return/", verification.return_to_school, name="return"),
    path("<uuid:pk>/complete/", verification.complete, name="complete"),
    path("<uuid:pk>/factors/add/", verification.add_factor, name="add_factor"),
    path("<uuid:pk>/factors/<uuid:factor_pk>/verdict/", verification.judge, name="judge"),
]
