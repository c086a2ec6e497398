"""Fixtures: the small world, and warning lists that are read in no time."""

import pytest

from quetsach.api import gate
from quetsach.indicators.allow.classes import span_of
from quetsach.indicators.allow.lists import AllowList, AllowLists
from tests.portal.world import World, make_world

RESOLVER = span_of("8.8.8.8")


@pytest.fixture
def world(db, monkeypatch: pytest.MonkeyPatch) -> World:
    """The world with a running campaign; two entries stand for the 2.4 million of MISP's lists."""
    assert RESOLVER is not None
    few = AllowLists(
        (
            AllowList("resolvers", "resolver", spans=[RESOLVER]),
            AllowList("sites", "top-sites", exact=["facebook.com"]),
        )
    )
    monkeypatch.setattr(gate, "allow_lists", lambda _own, *, usual: few)
    return make_world()
