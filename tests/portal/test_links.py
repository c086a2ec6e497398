"""A1: no link of a page leads to where the person may not go, and each figure opens its rows."""

import re
from collections import deque
from dataclasses import dataclass, field

import pytest
from django.test import Client

from quetsach_portal.people.models.roles import Role
from quetsach_portal.reports.documents.actions import request_document
from tests.portal.access import (
    followup,
    handouts,
    intake,
    public_figures,
    publishing,
    rechecks,
    reports,
)
from tests.portal.access.cases import _alarm, _batch, _case, _two_cases
from tests.portal.access.letters import make_letter
from tests.portal.browser.buttons import same_words
from tests.portal.opened_figures import LEDGERS, closed_figures
from tests.portal.signing_in import signed_in
from tests.portal.world import World
from tests.whole import todays_share

pytestmark = pytest.mark.django_db

_LINK = re.compile(r'<a\b[^>]*?\bhref="(/[^"#]*|\?[^"#]*)')


@pytest.fixture
def filled(world: World) -> World:
    """Return the world with something of each kind, and all its people."""
    make_letter(world, "TC", "released")
    make_letter(world, "TC01", "draft")
    _two_cases(world, "TC01")
    _case(world, "TC01A")
    _alarm(world, "TC01")
    _batch(world, "TC01")
    followup._extension(world, "TC01")
    followup._declaration(world, "TC01A")
    reports._submitted(world, "TC01A")
    request_document(reports._signed(world, "TC01"), actor=world.user("TC01", Role.CLERK))
    intake._done(world, "TC01")
    rechecks._draw(world, "TC01")
    publishing._shown(world, "TC")
    publishing._tool(world, "TC")
    publishing._published_tool(world, "TC")
    publishing._list_of(world, "TC")
    handouts._edition(world, "TC")
    public_figures._prepared(world, "TC")
    return world


_WHO = [f"TC01-{code}" for code in ("CO", "FP", "SG", "CK", "TE", "OP")] + ["TC-LA", "TC-AU"]
"""Each follows all links; half of them each day."""


@pytest.mark.parametrize("who", todays_share(_WHO, days=2))
def test_A1_no_link_leads_to_a_closed_door(filled: World, who: str) -> None:
    code, role = who.split("-")[0], Role(who.split("-")[1])
    walked = _walked(signed_in(filled.user(code, role)))
    dead, closed, alike = walked.dead, walked.closed, walked.alike
    assert not dead, "\n".join(f"{page} links to {link}: {status}" for page, link, status in dead)
    assert not closed, "\n" + "\n".join(closed)
    assert not alike, "\n" + "\n".join(alike)


@dataclass
class Walked:
    """What is wrong: links that lead nowhere, figures that open nothing, buttons named alike."""

    dead: list[tuple[str, str, int]] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    alike: list[str] = field(default_factory=list)


def _walked(client: Client) -> Walked:
    """Follow each kind of link on each kind of page once."""
    waiting, asked, steps = deque([("", "/")]), set[str](), set[tuple[str, str]]()
    pages, walked = set[str](), Walked()
    while waiting:
        page, link = waiting.popleft()
        path = link.partition("?")[0]
        step = (_kind(page), _kind(path))
        if link in asked or step in steps or path.startswith(("/account/", "/static/")):
            continue
        asked.add(link)
        steps.add(step)
        answer = client.get(link)
        if answer.streaming:
            # Read to its end, a file that is handed out is closed.
            list(answer.streaming_content)
        if answer.status_code in (403, 404):
            walked.dead.append((page, link, answer.status_code))
        elif answer.status_code == 302:
            waiting.appendleft((link, answer["Location"]))
        elif step[1] not in pages and answer["Content-Type"].startswith("text/html"):
            pages.add(step[1])
            source = answer.content.decode()
            if not path.startswith(LEDGERS):
                figures = closed_figures(source)
                walked.closed += [f"{link}: {figure} opens nothing" for figure in figures]
            walked.alike += [f"{link}: {buttons}" for buttons in same_words(source)]
            for found in _LINK.findall(source.replace("&amp;", "&")):
                waiting.append((path, path + found if found.startswith("?") else found))
    return walked


def _kind(path: str) -> str:
    return re.sub(r"\d+", "N", path)
