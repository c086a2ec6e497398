"""Pages on which a case is worked: by form, by whom, and from the version that was seen."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from quetsach_portal.cases.models.case import Case, Handling
from quetsach_portal.people.models.roles import Role
from tests.portal.cases import rows
from tests.portal.cases.rows import ClientOf
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_a_handling_is_written_down_by_the_form(world: World, client_of: ClientOf) -> None:
    case = rows.make_case(world, "TC01")
    client = client_of("TC01", Role.TECHNICIAN)
    address = reverse("cases:handle", args=[case.pk])
    told = {"kind": "scanned", "at": "2030-01-01T10:00", "version": case.version}
    page = client.post(address, told)
    assert page.status_code == 200
    assert "error-summary" in page.content.decode()
    told |= {
        "at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
        "tool": "A",
        "result": "removed",
    }
    assert client.post(address, told).status_code == 302
    case.refresh_from_db()
    assert (case.state, case.handlings.get().tool) == ("handled", "A")


def test_a_risk_is_accepted_by_the_focal_point_alone(world: World, client_of: ClientOf) -> None:
    case = rows.make_case(world, "TC01")
    address = reverse("cases:handle", args=[case.pk])
    told = {
        "kind": "accepted-risk",
        "at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
        "review_on": (timezone.localdate() + timedelta(days=20)).isoformat(),
        "told": "Máy điều khiển cũ",
        "version": case.version,
    }
    assert client_of("TC01", Role.TECHNICIAN).post(address, told).status_code == 200
    assert not Handling.objects.exists()
    assert client_of("TC01", Role.FOCAL_POINT).post(address, told).status_code == 302
    assert Case.objects.get().outcome == "accepted-risk"


def test_B3_the_form_of_an_older_version_is_refused_with_what_happened(
    world: World, client_of: ClientOf
) -> None:
    case = rows.make_case(world, "TC01")
    told = {
        "kind": "cleaned",
        "at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
        "version": case.version,
    }
    address = reverse("cases:handle", args=[case.pk])
    assert client_of("TC01", Role.TECHNICIAN).post(address, told).status_code == 302
    page = client_of("TC01", Role.FOCAL_POINT).post(address, told)
    assert str(world.user("TC01", Role.TECHNICIAN)) in page.content.decode()
    assert Handling.objects.count() == 1
