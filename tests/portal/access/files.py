"""Files: each app says who may have its own, and nobody else reaches an upload under way."""

from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from quetsach_portal.files.actions import begin_upload, keep
from quetsach_portal.rights.models import Role
from tests.portal.access.row import Row
from tests.portal.files.samples import pdf
from tests.portal.world import World


def _file(world: World, code: str) -> Mapping[str, Any]:
    upload = SimpleUploadedFile("bien-ban.pdf", pdf())
    path = world.units[code].path
    # Nobody owns registers that lie as files, so nobody may have one.
    stored = keep(upload, purpose="document", owner_path=path, actor=world.user(code, Role.CLERK))
    return {"file_id": stored.pk}


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
    Row("files:download", make=_file),
)
