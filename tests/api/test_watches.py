"""What a watch is given is checked, and a made log goes through its whole path."""

from pathlib import Path

import pytest

from quetsach.api import watches
from quetsach.errors.exceptions import QuetsachError
from quetsach.indicators.model import IndicatorSet
from quetsach.indicators.options import ListOptions
from quetsach.indicators.read import read_lists
from quetsach.sweeping.sweep import SweepRequest
from quetsach.watch import running


def test_it_remembers_where_the_user_keeps_states(tmp_path: Path) -> None:
    assert watches.state_folder({}, tmp_path) == tmp_path / ".local/state/quetsach/watch"
    given = {"XDG_STATE_HOME": "/var/lib/x"}
    assert watches.state_folder(given, tmp_path) == Path("/var/lib/x/quetsach/watch")
    assert watches.state_folder({"XDG_STATE_HOME": "rel"}, tmp_path).is_relative_to(tmp_path)


def test_what_cannot_be_followed_is_refused_at_once() -> None:
    for code, argument in (("E111", "s3://bucket/logs"), ("E113", "-")):
        with pytest.raises(QuetsachError, match=code):
            watches.check_followed([argument])
    watches.check_followed(["/var/log/eve.json"])


def test_the_check_names_what_is_missing_and_sees_its_own_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running._Running, "round", _one_round)
    listed, log = tmp_path / "list.txt", tmp_path / "eve.json"
    listed.write_text("bad.example\n", encoding="ascii")
    log.write_bytes(b"")
    indicators = read_lists([listed], ListOptions())
    request = SweepRequest([str(log), str(tmp_path / "none")], indicators, tmp_path)
    checks = list(watches.check_watch(request, tmp_path / "state"))
    assert [one.what for one in checks if not one.is_well and one.what == "files"] == ["files"] * 2
    assert {one.what: one.found for one in checks}["planted"] == "20/20"
    with pytest.raises(QuetsachError, match="E101"):
        watches.watch_status(tmp_path / "other")
    assert watches.watch_status(tmp_path / "state")["sightings"] == 0


def test_the_check_opens_each_socket(tmp_path: Path) -> None:
    addresses = watches.listen_addresses(
        ["udp://127.0.0.1:0", "udp://192.0.2.1:5514"], [f"unix:{tmp_path}/tap.sock"]
    )
    request = SweepRequest([], IndicatorSet(()), tmp_path)
    checks = watches.check_watch(request, tmp_path / "state", addresses)
    found = [(one.what, one.is_well) for one, _ in zip(checks, range(5), strict=False)]
    assert [one for one in found if one[0] == "listener"] == [
        ("listener", True),
        ("listener", False),
        ("listener", True),
    ]
    assert "buffer" in {what for what, _ in found}
    assert not (tmp_path / "tap.sock").exists()
    with pytest.raises(QuetsachError, match="E507"):
        watches.listen_addresses(["udp://127.0.0.1:5514"] * 2, [])


def test_the_check_names_a_log_without_rights(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_facts: object) -> int:
        raise PermissionError(13, "no right")

    log = tmp_path / "eve.json"
    log.write_bytes(b"")
    monkeypatch.setattr(watches, "open_plain", refused)
    checks = watches.check_watch(SweepRequest([str(log)], IndicatorSet(()), tmp_path), tmp_path)
    assert not next(checks).is_well
    assert "E104" in next(checks).found


_whole_round = running._Running.round


def _one_round(self: running._Running) -> bool:
    """Go one round, without the wait for files beside the followed one."""
    self._rounds_left = 0
    _whole_round(self)
    return False
