"""`quetsach manage rehearse`: what the button does, from the command line."""

import pytest
from django.core.management import CommandError, call_command

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.rehearsals import actions, homes
from quetsach_portal.web.scratch_homes import RehearsalNote
from tests.portal.campaigns.acting import prepared
from tests.portal.world import make_world

pytestmark = pytest.mark.django_db


def test_the_address_of_the_rehearsal_is_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    campaign = prepared(make_world(live=False))
    monkeypatch.setattr(actions, "command", lambda *_words: ["true"])
    call_command("rehearse", str(campaign.pk))
    note = homes.note_of(campaign.pk)
    assert isinstance(note, RehearsalNote)
    assert capsys.readouterr().out == f"http://127.0.0.1:8000/dien-tap/{note.id}/\n"
    assert AuditEvent.objects.get(action="campaign.rehearsal_made").actor == "system"
    with pytest.raises(CommandError, match="đã có bản diễn tập"):
        call_command("rehearse", str(campaign.pk))


def test_what_cannot_be_rehearsed_is_refused_in_words() -> None:
    with pytest.raises(CommandError, match="Không có chiến dịch số 99"):
        call_command("rehearse", "99")
