"""Files: nobody else reaches an upload under way."""

from collections.abc import Mapping
from typing import Any

from quetsach_portal.files.actions import begin_upload
from quetsach_portal.people.models.roles import Role
from tests.portal.access.row import Row
from tests.portal.world import World


def _upload(world: World, code: str) -> Mapping[str, Any]:
    somebody = world.user("KH" if code != "KH" else "TC02", Role.AUDITOR)
    upload = begin_upload(
        name="a.pdf",
        size=10,
        purpose="proof",
        owner_path=world.units[code].path,
        actor=somebody,
    )
    return {"upload_id": upload.pk}


ROWS = (
    Row("files:begin", get=None, post={}, data={"permit": "forged", "name": "a", "size": "1"}),
    Row("files:part", make=_upload),
)
