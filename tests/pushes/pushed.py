"""A push in the tests: findings of a small sweep, a server of this machine, no wait."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from quetsach.api.pushing import Patience, Push, PushWishes, prepare_push
from tests.exports.findings_made import made
from tests.pushes.doubles import KEY

OFFICE = "So A"


@dataclass
class Waited:
    """A clock that goes on only while it is waited for. Units: seconds."""

    waits: list[float] = field(default_factory=list)

    def patience(self, **more: Any) -> Callable[[], Patience]:
        return lambda: Patience(wait=self.waits.append, clock=lambda: sum(self.waits), **more)


def findings(tmp_path: Path) -> Path:
    """Return the findings folder, made once."""
    folder = tmp_path / "findings"
    return folder if folder.exists() else made(tmp_path)


def push(tmp_path: Path, kind: str, address: str, **more: Any) -> Push:
    """Return a push to `address`; its ledger lies in `tmp_path`."""
    wishes: dict[str, Any] = {"key": KEY, "patience": Waited().patience()} | more
    if kind == "misp":
        wishes.setdefault("source", OFFICE)
    return prepare_push(
        findings(tmp_path), PushWishes(kind, address, tmp_path / "ledgers", **wishes)
    )
