"""The public page that handouts lead to."""

import json
from dataclasses import asdict

import pytest

from quetsach_portal.campaigns.public_page import PublicPage, public_folder
from quetsach_portal.people.models.roles import Role
from tests.portal.participation.handouts.samples import SAID, TOOL


@pytest.fixture
def with_page(world, home) -> None:
    """The public page that says SAID, and a catalogue with TOOL."""
    fields = asdict(SAID)
    # The page has no carriers of its own in this table.
    del fields["carriers"]
    PublicPage.objects.create(
        campaign=world.campaign,
        changed_by=world.user("TC", Role.LEAD_OWNER),
        **{**fields, "domains": list(SAID.domains)},
    )
    (public_folder() / "tools.json").write_text(json.dumps({"tools": [asdict(TOOL)]}))
