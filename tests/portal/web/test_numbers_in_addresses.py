"""Numbers of rows in addresses and forms have no dots of thousands: 1091, and not 1.091."""

import re
from pathlib import Path

import quetsach_portal

TEMPLATES = sorted(Path(quetsach_portal.__file__).parent.glob("*/templates/**/*.html"))
LOCALIZED = re.compile(r'(?:=|="|-)\{\{ (?:[a-z_]+\.)*(?:pk|node_id|no) \}\}')


def test_each_is_unlocalized() -> None:
    assert len(TEMPLATES) > 100
    found = [f"{one.name}: {LOCALIZED.findall(one.read_text())}" for one in TEMPLATES]
    assert [one for one in found if not one.endswith("[]")] == []
