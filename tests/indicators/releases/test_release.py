"""A release is read back exactly as it was written; a changed one is told."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quetsach.errors.exceptions import QuetsachError
from quetsach.indicators.releases.release import (
    content_of,
    digest_of,
    read_release,
    release_bytes,
)
from tests.indicators.releases.written import release


def test_what_is_written_is_read_back_exactly_and_in_the_same_bytes() -> None:
    raw = release_bytes(release())
    back = read_release(raw, "r")
    assert back == release()
    assert release_bytes(back) == raw
    assert [json.loads(line)["key"] for line in raw.splitlines()[1:]] == [
        "198.51.100.9",
        "203.0.113.7:443",
        "bad.example",
    ]
    header = json.loads(raw.splitlines()[0])
    assert (header["format"], header["count"], header["dropped"]) == ("quetsach-release/1", 2, 1)
    assert header["by_status"] == {"active": 1, "replaced": 1}
    assert header["set_digest"] == release().indicator_set.digest


def test_a_signature_is_no_part_of_the_content() -> None:
    raw = release_bytes(release())
    signed = raw + b'{"signature":{"key":"x","value":"y"}}\n'
    assert content_of(signed) == raw
    assert content_of(signed + signed[len(raw) :]) == raw, "several keys may sign"
    assert digest_of(signed) == digest_of(raw)
    assert read_release(signed, "r") == release()


@given(st.data())
def test_a_changed_byte_never_reads_as_a_sound_release(data: st.DataObject) -> None:
    raw = bytearray(release_bytes(release()))
    lines = raw.index(b"\n") + 1
    place = data.draw(st.integers(lines, len(raw) - 1))
    raw[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(QuetsachError, match="E220"):
        read_release(bytes(raw), "r")


@given(st.integers(1, 2000))
def test_a_cut_release_never_reads_as_a_whole_one(cut: int) -> None:
    raw = release_bytes(release())
    with pytest.raises(QuetsachError, match="E220"):
        read_release(raw[: -min(cut, len(raw))], "r")
