"""Fixtures: a campaign that runs."""

import pytest

from tests.portal.lifecycle.correcting.correctable import running
from tests.portal.world import World


@pytest.fixture
def world(db: None) -> World:
    """A campaign that runs, each unit told of it and with an address."""
    return running()
