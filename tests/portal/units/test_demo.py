"""The demo district agrees with the engine's, and with the national list of 2022."""

import pytest

from quetsach.demo.plan import PLACES
from quetsach_portal.units.areas.read import areas, below
from quetsach_portal.units.demo import DISTRICT_AREA, load_tra_cu
from quetsach_portal.units.models import OrgEdge, OrgUnit, ReportingLine
from quetsach_portal.web.folding import folded

pytestmark = pytest.mark.django_db


def test_codes_and_names_are_those_of_the_engines_demo() -> None:
    units = load_tra_cu()
    for one in PLACES:
        assert folded(one.name) in folded(units[one.code].name), one.code
    assert units["TC19"].parent == units["TC"]


def test_the_communes_have_the_area_codes_of_the_national_list() -> None:
    units = load_tra_cu()
    known = {area.code: area.full_name for area in below(2022, DISTRICT_AREA)}
    for number in range(1, 18):
        unit = units[f"TC{number:02}"]
        assert folded(known[unit.area_code]) in folded(unit.name)
    assert {unit.area_code for unit in units.values() if unit.area_code} == set(known)
    assert areas(2022)[DISTRICT_AREA].name == "Trà Cú"


def test_it_has_three_lines_and_is_loaded_only_once() -> None:
    first = load_tra_cu()
    assert load_tra_cu().keys() == first.keys()
    assert OrgUnit.objects.count() == len(first) == 44
    lines = set(OrgEdge.objects.values_list("line", flat=True))
    assert lines == {ReportingLine.TERRITORY, ReportingLine.PARTY, ReportingLine.MASS_ORG}
    school = OrgUnit.objects.get(code="HU06")
    assert OrgEdge.objects.filter(child=school, valid_to__isnull=True).count() == 2
    assert school.parent == first["TC"]
    assert all(unit.path.startswith(first["TC"].path) for unit in OrgUnit.objects.all())
