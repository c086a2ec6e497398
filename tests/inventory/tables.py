"""Tables saved for a test, and the flaws that reading them told."""

from collections.abc import Sequence
from pathlib import Path

from quetsach.inventory.lookup import Inventory
from quetsach.inventory.model import InventoryFlaw
from quetsach.inventory.read import read_inventory


def saved(folder: Path, content: bytes | str, name: str = "kiem-ke.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def table(folder: Path, *rows: Sequence[str]) -> Inventory:
    return read_inventory(saved(folder, "\n".join(";".join(row) for row in rows)))


def flaws(inventory: Inventory) -> list[tuple[int, InventoryFlaw, str]]:
    return [(one.row.number, one.reason, one.excerpt) for one in inventory.problems]
