"""`quetsach manage spoken_draft`: drafts by a machine's voice, which nobody hears yet."""

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from quetsach_portal.publishing.models import RecordingState, SpokenRecording
from quetsach_public.pages.recordings import SPOKEN_TEXTS
from tests.portal.publishing.spoken.test_machine import voice

__all__ = ["voice"]


@pytest.mark.django_db
def test_the_command_hands_in_marked_drafts_that_nobody_hears_yet(voice, world, owner) -> None:
    call_command("spoken_draft", world.campaign.pk, by=owner.email)
    rows = SpokenRecording.objects.all()
    assert {row.key for row in rows} == set(SPOKEN_TEXTS)
    assert {(row.language, row.is_machine, row.state) for row in rows} == {
        ("vi", True, RecordingState.DRAFT)
    }
    with pytest.raises(CommandError):
        call_command("spoken_draft", world.campaign.pk, by="khong@co.example")
