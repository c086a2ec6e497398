"""`quetsach watch check` says in words what is missing."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from quetsach.api import watches
from quetsach.api.watches import WatchCheck
from quetsach.cli.watch import group
from quetsach.cli.watch.check import check_line
from quetsach.texts import use_language
from tests.cli.running import quetsach_here


def test_each_thing_is_said_in_words() -> None:
    use_language("en")
    assert check_line(WatchCheck("disk", True, str(3 << 30))) == "✓ free on its disk: 3.0 GiB"
    assert check_line(WatchCheck("list", False, "0")) == "! indicators: 0"
    assert check_line(WatchCheck("list", True, "1200")) == "✓ indicators: 1,200"
    assert "8 MiB with sysctl" in check_line(WatchCheck("buffer", False, str(1 << 20)))
    assert "pure Python" in check_line(WatchCheck("speed", False, "python"))
    assert "compiled" in check_line(WatchCheck("speed", True, "rust"))
    assert check_line(WatchCheck("planted", True, "20/20")).endswith("20/20")


def test_with_a_portal_its_list_is_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log, lists, token = tmp_path / "eve.json", tmp_path / "list.txt", tmp_path / "token"
    for path, text in ((log, "{}\n"), (lists, "203.0.113.77\nbad.example\n"), (token, "t\n")):
        path.write_text(text)
    monkeypatch.setattr(group, "portal_of", lambda _options: SimpleNamespace())
    monkeypatch.setattr(watches, "first_list", lambda _folder, _portal: (lists,))
    at = ("--portal", "https://sach.example", "--token-file", token, "--state", tmp_path / "state")
    told = quetsach_here("watch", "check", log, *at)
    assert "indicators: 2" in told.stdout.decode()
