"""Translations are signed for their very words; recordings are heard by a second person first."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.files.actions import FileUpload
from quetsach_portal.files.problems import FileRefused
from quetsach_portal.publishing.models import RecordingState, SpokenRecording, TextReview
from quetsach_portal.publishing.retention import purge
from quetsach_portal.publishing.spoken import actions, queries
from quetsach_portal.web.acts import Refused
from quetsach_public.pages.reviews import translated_texts

pytestmark = pytest.mark.django_db
MP3 = b"ID3\x04\x00\x00\x00\x00\x00\x00" + b"\xff\xfb\x90\x00" * 50
WAV = b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(40)


def handed(world, actor, content=MP3, name="loi-doc.mp3", **more) -> SpokenRecording:
    upload = FileUpload(SimpleUploadedFile(name, content))
    return actions.hand_in(world.campaign, "start", "vi", upload, actor=actor, **more)


def test_a_signed_text_counts_with_name_account_and_digest_until_its_words_change(
    world, owner, monkeypatch
) -> None:
    text = translated_texts("km")["start.button"]
    count = actions.sign(
        world.campaign, "km", {text.key: text.sha256}, name="  Thạch  Sa Rinh ", actor=owner
    )
    assert count == 1
    row = TextReview.objects.get()
    assert (row.signed_name, row.reviewer, row.sha256) == ("Thạch Sa Rinh", owner, text.sha256)
    assert queries.states(world.campaign)["km"].approved == 1
    assert AuditEvent.objects.get(action="publishing.texts_signed").detail["name"] == (
        "Thạch Sa Rinh"
    )
    changed = {text.key: text._replace(text="khác", sha256="ab" * 32)}
    monkeypatch.setattr(queries, "translated_texts", lambda _language: changed)
    assert queries.states(world.campaign)["km"] == (0, 1)


@pytest.mark.parametrize(
    ("digests", "name"),
    [
        ({}, "Thạch Sa Rinh"),
        ({"start.button": "ab" * 32}, "Thạch Sa Rinh"),
        ({"khong.co": "ab" * 32}, "Thạch Sa Rinh"),
        ({"start.button": translated_texts("km")["start.button"].sha256}, "  "),
    ],
)
def test_no_name_no_text_and_other_words_sign_nothing(world, owner, digests, name) -> None:
    with pytest.raises(Refused):
        actions.sign(world.campaign, "km", digests, name=name, actor=owner)
    assert not TextReview.objects.exists()


def test_a_second_person_publishes_and_a_new_recording_takes_the_place(
    world, owner, second
) -> None:
    recording = handed(world, owner)
    assert queries.published(world.campaign) == []
    with pytest.raises(Refused):
        actions.publish(recording, actor=owner)
    actions.publish(recording, actor=second)
    (heard,) = queries.published(world.campaign)
    assert (heard.key, heard.language, heard.ending, heard.data) == ("start", "vi", "mp3", MP3)
    newer = handed(world, owner, WAV, "x.wav", is_machine=True)
    actions.publish(newer, actor=second)
    (heard,) = queries.published(world.campaign)
    assert (heard.ending, heard.is_machine) == ("wav", True)
    recording.refresh_from_db()
    assert recording.state == RecordingState.ENDED
    actions.end(newer, actor=owner)
    assert queries.published(world.campaign) == []
    for act in (actions.end, actions.publish):
        with pytest.raises(Refused):
            act(newer, actor=second)


def test_the_database_refuses_one_hand(world, owner) -> None:
    handed(world, owner)
    with pytest.raises(IntegrityError), transaction.atomic():
        SpokenRecording.objects.update(published_by=owner)


def test_a_recording_of_other_words_is_neither_heard_nor_published(world, owner, second) -> None:
    first, other = handed(world, owner), handed(world, owner)
    actions.publish(first, actor=second)
    SpokenRecording.objects.update(words_sha256="ab" * 32)
    assert queries.published(world.campaign) == []
    with pytest.raises(Refused):
        actions.publish(other, actor=second)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.mp3", b"MZ" + bytes(200)),
        ("x.mp3", b"<html><script>1</script></html>"),
        ("x.exe", MP3),
        ("x.wav", b"RIFF\x24\x00\x00\x00WEBPVP8 " + bytes(40)),
        ("x.mp3", MP3 + bytes(1 << 20)),
        ("x.mp3", b""),
    ],
)
def test_what_is_no_sound_or_too_large_is_refused(world, owner, name, content) -> None:
    with pytest.raises(FileRefused):
        handed(world, owner, content, name)
    assert not SpokenRecording.objects.exists()


def test_recordings_go_with_their_campaign(world, owner) -> None:
    handed(world, owner)
    assert purge(world.campaign)["public_recordings"] == 1
