"""Texts are corrected at once; what stood stays in the history, from when until when."""

import pytest

from quetsach_portal.lifecycle.correcting import texts
from quetsach_portal.web.acts import Refused
from tests.portal.lifecycle.correcting.correctable import corrected
from tests.portal.world import World


def test_what_stood_stays_with_from_and_until(world: World) -> None:
    old = world.campaign.title
    first = corrected(world, "text", {"title": "Tên thứ hai", "tasks": ["Một", "Hai"]})
    second = corrected(world, "text", {"title": "Tên thứ ba"}, reason="Sai chữ")
    assert (world.campaign.title, world.campaign.tasks) == ("Tên thứ ba", ["Một", "Hai"])
    titles = [
        one
        for one in texts.history_of(world.campaign)
        if one.text.startswith("Tên") or one.text == old
    ]
    assert [(one.text, one.since, one.until, one.reason) for one in titles] == [
        ("Tên thứ hai", first.decided_at, second.decided_at, "Sai chữ"),
        (old, world.campaign.starts_at, first.decided_at, "Bão"),
    ]


def test_only_what_changes_is_asked_for(world: World) -> None:
    plan = texts.plan(world.campaign, {"title": world.campaign.title, "goal": "Mới", "letter": "x"})
    assert plan.proposal == {"goal": "Mới"}
    assert plan.before == {"goal": world.campaign.goal}
    assert plan.facts == {"told": world.campaign.nodes.count()}
    for asked in ({"title": world.campaign.title}, {"title": " "}, {"tasks": ["x"] * 61}):
        with pytest.raises(Refused):
            texts.plan(world.campaign, asked)


def test_tasks_are_parted_by_empty_lines() -> None:
    assert texts.as_field("tasks", " Một\r\nnữa\r\n\r\nHai ") == ["Một nữa", "Hai"]
    assert texts.as_text(["Một", "Hai"]) == "Một\n\nHai"
    assert texts.as_field("goal", " a\r\nb ") == "a\nb"
