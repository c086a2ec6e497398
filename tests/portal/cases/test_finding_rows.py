"""Findings as rows: raw lines kept, hostile texts cut and cleaned."""

from pathlib import Path

import pytest

from quetsach_portal.cases.models.case import Device, Sighting
from tests.portal.cases.sweeps import BAD, Take, change_devices, findings_of

pytestmark = pytest.mark.django_db


def test_the_raw_line_of_a_sample_is_kept(take_in: Take, tmp_path: Path) -> None:
    take_in(findings_of(tmp_path, days=[20], contacts=[(20, "10.1.1.11", BAD)]))
    sample = Sighting.objects.get()
    assert sample.raw.split("\t")[4] == BAD
    assert sample.address == "10.1.1.11"
    assert (sample.rule, sample.field) == ("exact", "destination.ip")


def test_F10_hostile_names_are_kept_as_plain_text(take_in: Take, tmp_path: Path) -> None:
    folder = findings_of(tmp_path, days=[20], contacts=[(20, "10.1.1.11", BAD)])

    def forge(devices: dict[str, list[dict[str, object]]]) -> None:
        devices["devices"][0]["host_name"] = "A\x00" + "\u202e" + "B" * 5000
        devices["devices"][0]["rivals"] = ["x\x00"] * 5000

    change_devices(folder, forge)
    take_in(folder)
    device = Device.objects.get()
    assert len(device.host_name) == 255
    assert "\x00" not in device.host_name
    assert len(device.rivals) == 20
    assert "\x00" not in "".join(device.rivals)


def test_a_sample_numbered_by_an_earlier_version_gets_its_present_number(
    take_in: Take, tmp_path: Path
) -> None:
    contacts = [(20, "10.1.1.11", BAD)]
    take_in(findings_of(tmp_path, days=[20], contacts=contacts))
    number = Sighting.objects.get().number
    Sighting.objects.update(number="0123456789abcdef")
    take_in(findings_of(tmp_path, days=[20, 19], contacts=contacts, name="later"))
    assert Sighting.objects.get().number == number
