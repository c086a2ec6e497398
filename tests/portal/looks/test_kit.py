"""The collector comes as one zip with the unit's code, the same bytes each time."""

import io
import zipfile

import pytest

from quetsach_portal.looks.kit import kit_of
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_the_zip_holds_the_scripts_the_code_and_what_to_do(world: World) -> None:
    unit = world.units["TC01"]
    packed = kit_of(unit)
    assert packed == kit_of(unit)
    archive = zipfile.ZipFile(io.BytesIO(packed))
    assert {name.rpartition("/")[2] for name in archive.namelist()} == {
        "quetsach-collect.cmd",
        "quetsach-collect.ps1",
        "quetsach-collect.sh",
        "HUONG-DAN.txt",
        "don-vi.txt",
    }
    assert archive.read("quetsach-TC01/don-vi.txt") == b"TC01\r\n"
    assert "TC01" in archive.read("quetsach-TC01/HUONG-DAN.txt").decode("utf-8-sig")
    assert archive.getinfo("quetsach-TC01/quetsach-collect.sh").external_attr >> 16 & 0o100
