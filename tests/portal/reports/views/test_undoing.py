"""The pages that undo, and that ask for a correction."""

import pytest
from django.urls import reverse

from quetsach_portal.people.models.roles import Role
from quetsach_portal.reports.models.report import ReportVersion, VersionState
from tests.portal.reports.acting import ClientOf, accepted, fresh, page, slot_of, submitted
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def address(name: str, version: ReportVersion) -> str:
    return reverse(f"reports:{name}", args=[version.pk])


def test_an_acceptance_returns_to_its_row_and_is_undone_there(
    world: World, client_of: ClientOf
) -> None:
    version, office = submitted(world, "TC02"), client_of("TC", Role.COMPILER)
    row = f"#row-{version.slot_id}"
    assert office.post(address("accept", version)).headers["Location"].endswith(row)
    below = page(office, "below", slot_of(world, "TC").pk)
    assert f'id="row-{version.slot_id}"' in below
    assert f'action="{address("undo_acceptance", version)}"' in below
    assert office.post(address("undo_acceptance", version)).headers["Location"].endswith(row)
    assert fresh(version).state == VersionState.SUBMITTED
    assert "undo" not in page(client_of("TC", Role.AUDITOR), "below", slot_of(world, "TC").pk)


def test_the_unit_sees_that_a_correction_is_asked_for(world: World, client_of: ClientOf) -> None:
    version = accepted(world, "TC01A")
    submitted(world, "TC01")
    office, unit = client_of("TC01", Role.COMPILER), client_of("TC01A", Role.FOCAL_POINT)
    assert address("ask_correction", version) in page(office, "version", version.pk)
    assert "hoàn tác" not in page(office, "version", version.pk).lower()
    office.post(address("ask_correction", version), {"reason": "Sót <b>hai</b> người"})
    shown = page(unit, "correct", version.slot_id)
    assert "Sót &lt;b&gt;hai" in shown
    assert "checked" in shown.partition('value="asked"')[2][:80]
    assert address("ask_correction", version) not in page(office, "version", version.pk)


def test_a_number_of_somebody_elses_report_shows_nothing(world: World, client_of: ClientOf) -> None:
    stranger, version = accepted(world, "TC01A"), submitted(world, "TC02")
    office = client_of("TC", Role.COMPILER)
    shown = office.get(f"{address('review', version)}?done={stranger.pk}").content.decode()
    assert address("undo_acceptance", stranger) not in shown
