"""A register file that waits for its confirmation."""

import pytest
from django.utils import timezone

from quetsach_portal.people.models.roles import Role
from quetsach_portal.register import imports
from quetsach_portal.register.models import RegisterUpload, UploadState
from quetsach_portal.units.register_file.rows import UnitRow
from quetsach_portal.web.acts import Refused
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_a_discarded_file_keeps_nobodys_address_and_is_not_saved_later(world: World) -> None:
    owner = world.user("TC", Role.LEAD_OWNER)
    unit_row = UnitRow(1, "", "N1", "Xã N", person="Nguyễn An", mail="an@donvi.example")
    upload = imports.take_rows([unit_row], "dv", world.units["TC"], actor=owner)
    assert len(bytes(upload.content)) > 20
    imports.drop(upload, actor=owner)
    row = RegisterUpload.objects.get()
    assert (row.state, bytes(row.content)) == (UploadState.DROPPED, b"")
    assert row.decided_at is not None
    with pytest.raises(Refused):
        imports.confirm(
            row,
            shown_digest="",
            green_rows_only=False,
            day=timezone.localdate(),
            actor=owner,
        )
