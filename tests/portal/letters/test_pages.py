"""The pages of letters, by the people who use them; drafts are nobody else's."""

import re

import pytest
from django.test import Client

from quetsach_portal.people.models.roles import Role
from tests.portal.letters import staged
from tests.portal.letters.staged import text

pytestmark = pytest.mark.django_db


def test_W1_pages_have_no_script_or_style_of_their_own(world, client_of) -> None:
    letter = staged.released(world)
    clerk: Client = client_of("TC", Role.CLERK)
    for path in ("", "dispatch/", "dispatch/dry-run/", "dispatch/start/", "withdraw/"):
        page = text(clerk.get(f"/letters/{letter.pk}/{path}"))
        assert not re.search(r"\sstyle=|<style|\son\w+=|<script(?![^>]*\ssrc=)", page), path


def test_a_hostile_name_is_shown_as_text(world, client_of) -> None:
    world.nodes["TC01"].name_at_freeze = "<script>alert(1)</script>"
    world.nodes["TC01"].save()
    letter = staged.released(world)
    for path in ("", "dispatch/"):
        page = text(client_of("TC", Role.CLERK).get(f"/letters/{letter.pk}/{path}"))
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page
