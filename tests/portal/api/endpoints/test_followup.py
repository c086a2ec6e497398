"""The follow-up by token: declarations with their evidence."""

import hashlib

import pytest

from quetsach_portal.people.models.roles import Role
from tests.portal.access.table import TABLES
from tests.portal.api.asking import ask
from tests.portal.world import World

pytestmark = pytest.mark.django_db


PAGES = {row.name: row for rows in TABLES.values() for row in rows}


def test_a_declaration_comes_with_its_evidence_and_the_file_itself(world: World) -> None:
    PAGES["followup:evidence"].make(world, "TC01")  # type: ignore[misc]
    node = world.nodes["TC01"].pk
    told = ask(world, "TC", Role.COMPILER, f"/nodes/{node}/declarations").json()
    piece = told[0]["evidence"][0]
    file = ask(world, "TC", Role.COMPILER, f"/evidence/{piece['id']}/file")
    content = b"".join(file.streaming_content)
    assert (told[0]["state"], told[0]["done"]) == ("declared", ["announced"])
    assert hashlib.sha256(content).hexdigest() == piece["file"]["sha256"]
    assert file.headers["Content-Disposition"].startswith("attachment")
