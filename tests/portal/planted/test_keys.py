"""Names follow from the portal's secret, the unit, the place and the day; the zip holds no key."""

import io
import zipfile
from datetime import timedelta

from django.test import override_settings

from quetsach_portal.planted.keys import contact_of, contacts_of, key_of, kit_of
from tests.portal.planted.planting import WEDNESDAY, place
from tests.portal.world import World


def test_units_places_days_and_secrets_have_their_own_names(world: World) -> None:
    here, there = place(world), place(world, code="TC02")
    names = {
        contact_of(here, WEDNESDAY).name,
        contact_of(there, WEDNESDAY).name,
        contact_of(place(world, "KT"), WEDNESDAY).name,
        contact_of(here, WEDNESDAY + timedelta(days=1)).name,
    }
    with override_settings(SECRET_KEY="another secret of another portal"):
        names.add(contact_of(here, WEDNESDAY).name)
    assert len(names) == 5
    before = contact_of(here, WEDNESDAY).name
    here.name = "Văn phòng"
    assert contact_of(here, WEDNESDAY).name == before, "a place counts by its number"


def test_contacts_begin_with_the_place_and_reach_back_400_days(world: World) -> None:
    row = place(world)
    days = [one.day for one in contacts_of([row], WEDNESDAY)]
    assert (days[0], days[-1]) == (row.since, WEDNESDAY)
    row.since = WEDNESDAY - timedelta(days=5_000)
    assert len(contacts_of([row], WEDNESDAY)) == 401


def test_the_zip_has_what_its_pc_needs_and_no_secret(world: World) -> None:
    row = place(world, "Phòng ../Một cửa")
    packed = kit_of(row, WEDNESDAY)
    assert packed == kit_of(row, WEDNESDAY)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        folder = f"quetsach-TC01-{row.pk}"
        files = {name.removeprefix(f"{folder}/"): archive.read(name) for name in archive.namelist()}
    assert set(files) == {
        *("planted-names.txt", "quetsach-planted.cmd", "quetsach-planted.sh", "don-vi.txt"),
        *("quetsach-collect.cmd", "quetsach-collect.ps1", "quetsach-collect.sh", "HUONG-DAN.txt"),
    }
    assert contact_of(row, WEDNESDAY).name.encode() in files["planted-names.txt"]
    assert files["don-vi.txt"] == b"TC01\r\n"
    secret = key_of(row.unit_id).secret
    assert all(secret not in text and secret.hex().encode() not in text for text in files.values())
