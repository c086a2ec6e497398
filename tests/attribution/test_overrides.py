"""Corrections by a person: kept with their reason, read whole or not at all."""

import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quetsach.attribution.overrides import Override, Overrides, append_override, read_overrides
from quetsach.clocks import MICROSECONDS
from quetsach.errors.exceptions import QuetsachError

DAY = 1_662_940_800 * MICROSECONDS
"""2022-09-12 00:00 UTC."""

GOOD = Override(
    device="PC-KT-01",
    address="10.0.0.5",
    since="2022-09-12T07:00:00+07:00",
    until="2022-09-13T07:00:00+07:00",
    reason="the lease server was off, the desk was asked",
    by="IT desk",
    at="2022-09-20T08:00:00+07:00",
)


def test_a_correction_comes_back_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "new" / "corrections.jsonl"
    append_override(path, GOOD)
    assert [(one.device, one.reason, one.number) for one in read_overrides(path).all] == [
        ("PC-KT-01", GOOD.reason, 1)
    ]
    written = json.loads(path.read_text())
    assert written["from"] == "2022-09-12T07:00:00+07:00"
    assert "number" not in written


def test_it_holds_from_its_start_until_before_its_end() -> None:
    found = Overrides([GOOD])
    times = (DAY - 1, DAY, DAY + 86_400 * MICROSECONDS - 1, DAY + 86_400 * MICROSECONDS, None)
    assert [found.for_("10.0.0.5", when) is not None for when in times] == [
        False,
        True,
        True,
        False,
        False,
    ]
    assert found.for_("10.0.0.6", DAY) is None


def test_the_last_one_counts_and_an_empty_device_takes_back(tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    for device in ("A", "B"):
        append_override(path, Override(device, "why", GOOD.at, address="2001:DB8:0::1"))
    found = read_overrides(path).for_("2001:db8::1", None)
    assert found is not None
    assert (found.device, found.number) == ("B", 2)
    append_override(path, Override("", "was wrong", GOOD.at, address="2001:db8::1"))
    assert read_overrides(path).for_("2001:db8::1", DAY) is None
    assert len(read_overrides(path).all) == 3


def test_one_that_names_both_addresses_asks_for_both() -> None:
    both = Override("A", "why", GOOD.at, address="10.0.0.5", mac="00-17-A4-00-00-01")
    found = Overrides([both])
    assert found.for_("10.0.0.5", DAY) is None
    assert found.for_("10.0.0.5", DAY, "00-17-A4-00-00-01") == both


def test_a_line_whose_end_was_cut_off_does_not_swallow_the_next(tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    append_override(path, GOOD)
    path.write_bytes(path.read_bytes().rstrip(b"\n"))
    append_override(path, GOOD)
    assert len(read_overrides(path).all) == 2


def test_no_file_is_no_correction(tmp_path: Path) -> None:
    assert read_overrides(tmp_path / "absent.jsonl").all == ()


BAD: dict[str, dict[str, str]] = {
    "no address": {"address": ""},
    "bad address": {"address": "10.0.0.500"},
    "bad mac": {"mac": "00-17"},
    "no reason": {"reason": " "},
    "no moment": {"at": ""},
    "no offset": {"since": "2022-09-12T07:00:00"},
    "no time": {"until": "tomorrow"},
    "ends first": {"until": "2022-09-12T06:00:00+07:00"},
    "endless": {"reason": "x" * 3_000},
}


@pytest.mark.parametrize("change", BAD.values(), ids=BAD)
def test_what_is_not_sound_is_neither_written_nor_read(
    tmp_path: Path, change: dict[str, str]
) -> None:
    import msgspec

    path = tmp_path / "c.jsonl"
    bad = msgspec.structs.replace(GOOD, **change)
    with pytest.raises(QuetsachError) as refused:
        append_override(path, bad)
    assert refused.value.problem.code == "E265"
    assert not path.exists()
    path.write_bytes(msgspec.json.encode(GOOD) + b"\n" + msgspec.json.encode(bad) + b"\n")
    with pytest.raises(QuetsachError) as refused:
        read_overrides(path)
    assert (refused.value.problem.code, refused.value.problem.where) == ("E264", f"{path}:2")


def test_a_folder_in_its_place_is_told(tmp_path: Path) -> None:
    with pytest.raises(QuetsachError) as refused:
        read_overrides(tmp_path)
    assert refused.value.problem.code == "E264"
    with pytest.raises(QuetsachError) as refused:
        append_override(tmp_path, GOOD)
    assert refused.value.problem.code == "E265"


@given(st.binary(max_size=80), st.integers(0, 200))
def test_a_damaged_file_is_read_whole_or_refused(
    tmp_path_factory: pytest.TempPathFactory, put: bytes, at: int
) -> None:
    import msgspec

    line = msgspec.json.encode(GOOD)
    path = tmp_path_factory.mktemp("damaged") / "c.jsonl"
    path.write_bytes(line[:at] + put + line[at:] + b"\n")
    with contextlib.suppress(QuetsachError):
        assert len(read_overrides(path).all) <= put.count(b"\n") + 1
