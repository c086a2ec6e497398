"""A tool drafted for a test, and the catalogue written."""

import hashlib

from quetsach_portal.publishing.models import PublicTool
from quetsach_portal.publishing.tools import actions
from tests.portal.access.publishing import TOOL

BYTES = b"MZ sen"


def drafted(world, actor, replaces=None, content: bytes = BYTES, **other) -> PublicTool:
    said = {**TOOL, "sha256": hashlib.sha256(content).hexdigest(), **other}
    return actions.draft(world.campaign, said, replaces=replaces, actor=actor)
