import pytest
from tests.factories.roadmaps import *
from accounts.permissions import Role
pytestmark = pytest.mark.django_db
def test_smoke(sign_in):
    r = make_roadmap(measures=3)
    c = sign_in(keeper_of(r))
    for u in ["/roadmaps/", "/roadmaps/new/", r.get_absolute_url(), r.get_absolute_url()+"remarks/", r.get_absolute_url()+"changes/", measure_of(r).get_absolute_url(), measure_of(r).get_absolute_url()+"row/?details=1"]:
        assert c.get(u).status_code == 200, u
