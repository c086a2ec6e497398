"""The list of a 7z archive: hostile numbers end it, and cost nothing."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quetsach.containers import seven_zip_list
from quetsach.containers.refusal import ContainerRefused, DamagedDataError, RefusalCode
from quetsach.containers.seven_zip import members
from quetsach.containers.seven_zip_list import list_of
from tests.containers.seven_zip_building import archive, archive_of, files_part, number
from tests.containers.test_seven_zip import BOUNDS


def listed(header: bytes) -> None:
    """Read an archive with this list."""
    list(members(io.BytesIO(archive_of(header)), BOUNDS))


HUGE = number(1 << 60)


@pytest.mark.parametrize(
    "header",
    [
        b"",
        b"\x02",
        b"\x01",
        b"\x01\x63",
        b"\x01\x05" + HUGE,
        b"\x01\x04\x06" + HUGE + HUGE,
        b"\x01\x04\x07\x0b" + HUGE,
        b"\x01\x04\x07\x0b\x01\x01",
        b"\x01\x04\x07\x0b\x01\x00" + HUGE,
        b"\x01\x04\x07\x0b\x01\x00\x01\x21\x21" + HUGE,
        b"\x01\x04\x06\x00\x01\x09\x01\x00\x07\x0b\x01\x00\x01\x01\x00\x0c\x01\x00\x08\x0d" + HUGE,
        b"\x01\x04\x06\x00\x01\x09\x01\x00\x07\x0b\x01\x00\x01\x01\x00\x0c\x01\x00\x08\x0d\x03\x09\x05\x05",
        b"\x01\x02\x01" + HUGE,
        b"\x01\x05\x02\x11\x03\x00a\x00",
        b"\x01\x05\x01\x11\x01\x01",
        b"\x17\x00",
        b"\x17\x06\x00\x01\x09\x01\x00\x07\x0b\x01\x00\x01\x01\x00\x0c\x7f\x00\x00",
    ],
)
def test_a_list_that_makes_no_sense_is_damaged(header: bytes) -> None:
    if not header:
        listed(header)
        return
    with pytest.raises(DamagedDataError):
        listed(header)


def test_a_file_without_content_in_any_block_is_damaged() -> None:
    with pytest.raises(DamagedDataError):
        listed(b"\x01\x05" + files_part(["a.log"], [False], [0]) + b"\x00")


def test_a_list_that_does_not_add_up_is_damaged() -> None:
    with pytest.raises(DamagedDataError):
        list_of(io.BytesIO(archive_of(b"\x01\x00", crc=1)), lambda _file, _block: iter(()))


def test_a_list_that_is_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seven_zip_list, "LONGEST_LIST", 10)
    with pytest.raises(ContainerRefused) as refused:
        list(members(io.BytesIO(archive({"a.log": b"x"})), BOUNDS))
    assert refused.value.code is RefusalCode.TOO_LARGE


@settings(deadline=None)
@given(st.binary(max_size=60))
def test_noise_is_refused_or_read(noise: bytes) -> None:
    for first in (b"\x01", b"\x17"):
        try:
            listed(first + noise)
        except ContainerRefused:
            continue
