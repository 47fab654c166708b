"""The filter of schools: the query string is the state."""

import pytest

from schools.choices import SchoolKind
from schools.filters import SchoolFilter
from schools.models import School
from tests.factories.schools import make_school, make_territory

pytestmark = pytest.mark.django_db


def found(**query: object) -> list[str]:
    filtered = SchoolFilter({key: str(value) for key, value in query.items()}, queryset=School.objects.all())
    return sorted(filtered.qs.values_list("name", flat=True))


def test_empty_query_leaves_everything() -> None:
    make_school(name="МБОУ «СОШ № 1»")
    make_school(name="МБОУ «СОШ № 2»")

    assert found() == ["МБОУ «СОШ № 1»", "МБОУ «СОШ № 2»"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Боровская", id="a word of the name"),
        pytest.param("боровская", id="another case"),
        pytest.param("БОРОВСКАЯ", id="upper case"),
        pytest.param("ровск", id="a part of a word"),
        pytest.param("сош боровская", id="words in another order"),
        pytest.param("  боровская  ", id="blanks around"),
        pytest.param("900777", id="a part of the login"),
        pytest.param("edu900777", id="the login"),
    ],
)
def test_search_finds_by_name_and_login(text: str) -> None:
    make_school(name="МБОУ «Боровская СОШ»", login="edu900777")
    make_school(name="МБОУ «Еловская ООШ»")

    assert found(q=text) == ["МБОУ «Боровская СОШ»"]


def test_search_finds_by_inn() -> None:
    school = make_school()
    make_school()

    assert found(q=school.inn) == [school.name]


def test_search_needs_every_word() -> None:
    make_school(name="МБОУ «Боровская СОШ»")

    assert found(q="боровская гимназия") == []


def test_search_follows_a_new_name() -> None:
    school = make_school(name="МБОУ «Боровская СОШ»")
    school.name = "МБОУ «Сосновая СОШ»"
    school.save()

    assert found(q="сосновая") == ["МБОУ «Сосновая СОШ»"]
    assert found(q="боровская") == []


def test_signs_of_patterns_are_plain_text() -> None:
    make_school(name="МБОУ «СОШ № 1»")

    assert found(q="%") == []
    assert found(q="_") == []


def test_municipality_narrows_the_list() -> None:
    school = make_school()
    make_school()

    assert found(territory=school.territory_id) == [school.name]


def test_kind_narrows_the_list() -> None:
    lyceum = make_school(kind=SchoolKind.LYCEUM)
    make_school(kind=SchoolKind.BASIC)

    assert found(kind=SchoolKind.LYCEUM) == [lyceum.name]


def test_conditions_add_up() -> None:
    territory = make_territory()
    wanted = make_school(territory=territory, kind=SchoolKind.LYCEUM, name="МАОУ «Лицей № 1»")
    make_school(territory=territory, kind=SchoolKind.BASIC, name="МБОУ «ООШ № 1»")
    make_school(kind=SchoolKind.LYCEUM, name="МАОУ «Лицей № 2»")

    assert found(territory=territory.pk, kind=SchoolKind.LYCEUM, q="лицей") == [wanted.name]


def test_only_municipalities_with_listed_schools_are_offered() -> None:
    school, empty = make_school(), make_territory()

    offered = SchoolFilter({}, queryset=School.objects.all()).filters["territory"].queryset

    assert list(offered) == [school.territory]
    assert empty not in offered


def test_wrong_values_are_named_and_filter_nothing() -> None:
    make_school()

    school_filter = SchoolFilter({"kind": "замок", "territory": "nobody"}, queryset=School.objects.all())

    assert set(school_filter.form.errors) == {"kind", "territory"}
