"""An office with its block page."""

from pathlib import Path

import pytest

from tests.public.block_page.making import Office


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path, office="Xã <Một> & B", phone="0299 000 000")
