"""A sweep with packages of others: what they fail at is counted and looked at."""

import os
from pathlib import Path
from typing import Any

import pytest

from quetsach import stuck_calls
from quetsach.library import sweep
from tests.plugin_packages import Install, gate, install_package  # noqa: F401

LINES = ("%%gate 1 203.0.113.77\n", "%%gate 2 198.51.100.9\n")


def swept(tmp_path: Path) -> dict[str, Any]:
    (tmp_path / "gate.log").write_text("".join(LINES))
    (tmp_path / "list.txt").write_text("203.0.113.77\n")
    return dict(sweep(tmp_path / "gate.log", tmp_path / "list.txt").summary)


@pytest.mark.parametrize(
    "parse",
    [
        "raise ValueError('no')",
        "return None",
        "return ParsedLines()",
        "return ParsedLines([(o, {'event.dataset': 'x', 'source.ip': 7}) for o, l in lines])",
        "return ParsedLines(events=[(o, {'quetsach.device': 'pc1'}) for o, l in lines])",
        "return ParsedLines(events=[(o + 9999, {}) for o, l in lines])",
    ],
)
def test_lines_that_a_package_fails_at_are_counted_and_looked_at(
    install: Install, tmp_path: Path, parse: str
) -> None:
    install("pl_one", gate(parse), {"quetsach.formats": {"gate": "pl_one:Gate"}})
    summary = swept(tmp_path)
    unread = {one["code"] for one in summary["unread"]}
    assert "E652" in unread
    assert summary["devices"] == []
    assert summary["lines"] == 2
    # The indicator that stands in the line is told all the same.
    assert summary["lines_to_look_at"] == 1


def test_a_format_that_never_returns_ends_no_sweep(
    install: Install, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stuck_calls, "ROUND_S", 0.1)
    monkeypatch.setattr(stuck_calls, "ROUNDS", 2)
    monkeypatch.setattr(stuck_calls, "_STUCK", set())
    monkeypatch.setattr(stuck_calls._WATCHDOG, "_owner", os.getpid())
    install("pl_one", gate("while True: pass"), {"quetsach.formats": {"gate": "pl_one:Gate"}})
    unread = {one["code"]: one for one in swept(tmp_path)["unread"]}
    assert {"E651", "E652"} <= unread.keys()
    assert "pl_one 2.5" in str(unread["E651"])
    assert "no answer within" in str(unread["E651"])
