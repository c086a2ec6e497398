"""Pulls are counted by unit, and shown up the tree."""

from datetime import date

import pytest

from quetsach_portal.participation.handouts import editions, queries
from quetsach_portal.participation.handouts.giver import HandoutKind
from tests.portal.participation.handouts.samples import pull

pytestmark = pytest.mark.django_db


def test_pulls_are_counted_and_shown_up_the_tree_without_a_person(world, with_page) -> None:
    for code in ("TC01", "TC01A", "TC01A"):
        pull(world, HandoutKind.CHAT, code)
    assert editions.count_public(world.nodes["TC01"], "poster-a4-vi", date(2022, 9, 20), 7)
    below = queries.pulls_below(world.nodes["TC"])
    assert [(one.here, one.public) for one in below] == [(3, 7), (0, 0)]
    own = queries.own_pulls(world.nodes["TC01"], "vi")
    assert [(one.name, one.here, one.public) for one in own] == [
        ("Áp phích A4", 0, 7),
        ("Tin nhắn cho nhóm chat", 1, 0),
    ]
