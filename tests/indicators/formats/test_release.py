"""A release read as a list: with the origins it was made from, damaged ones too."""

from pathlib import Path

from quetsach.indicators.options import ListOptions, RefusalReason
from quetsach.indicators.read import read_lists
from quetsach.indicators.releases.release import (
    release_bytes,
)
from tests.indicators.releases.written import release


def test_a_release_is_a_list_with_the_origins_it_was_made_from(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    path.write_bytes(release_bytes(release()) + b'{"signature":{}}\n')
    found = read_lists([path], ListOptions(accept_private=True))
    assert found.indicators == release().indicator_set.indicators
    assert [one.reason for one in found.refusals] == [RefusalReason.DECIDED]
    assert (found.readings[0].form, found.readings[0].problems) == ("release", ())


def test_a_damaged_release_as_a_list_says_so_and_gives_what_can_be_read(tmp_path: Path) -> None:
    lines = release_bytes(release()).splitlines()
    lines[2] = b'{"key":"com.vn","shown":"x","kind":"name","rule":"below","origins":[]}'
    lines.append(b"{")
    path = tmp_path / "r.jsonl"
    path.write_bytes(b"\n".join(lines))
    found = read_lists([path], ListOptions(accept_private=True))
    assert [one.key for one in found.indicators] == ["bad.example"]
    reasons = [one.reason for one in found.refusals]
    assert reasons == [RefusalReason.DECIDED, RefusalReason.PUBLIC_SUFFIX, RefusalReason.UNPARSABLE]
    assert [one.code for one in found.readings[0].problems] == ["E220"]
