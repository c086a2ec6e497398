"""Print and press slips of a unit of the world."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from quetsach_portal.participation.models import SlipLot
from quetsach_portal.participation.slips import lots, pressing
from quetsach_portal.people.models.roles import Role

NINE = datetime(2026, 11, 30, 2, tzinfo=UTC)
"""The hour from 09:00 in Vietnam."""


def printed(world, size: int, code: str = "TC01") -> tuple[SlipLot, Sequence[str]]:
    node = world.nodes[code]
    return lots.print_lot(node, size, actor=world.user(code, Role.FOCAL_POINT))


def press_all(texts: Sequence[str], hours: int = 0) -> list[pressing.SlipPress]:
    return [pressing.press(text, NINE + timedelta(hours=hours)) for text in texts]
