"""The desk of texts: read beside the source, sign, hand in, hear."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from quetsach_portal.publishing.models import SpokenRecording, TextReview
from quetsach_public.pages.reviews import translated_texts
from tests.portal.publishing.spoken.test_actions import MP3
from tests.portal.signing_in import signed_in

pytestmark = pytest.mark.django_db


def test_a_reader_ticks_and_signs_what_was_shown(world, owner) -> None:
    client = signed_in(owner)
    text = translated_texts("km")["start.button"]
    at = reverse("publishing:review", args=[world.campaign.pk, "km", "start"])
    page = client.get(at).content.decode()
    assert f'name="text:start.button" value="{text.sha256}"' in page
    assert text.source in page
    client.post(at, {"signed_name": "Thạch Sa Rinh", "text:start.button": text.sha256})
    assert TextReview.objects.get().key == "start.button"
    assert "Thạch Sa Rinh" in client.get(at).content.decode()
    unknown = reverse("publishing:review", args=[world.campaign.pk, "en", "start"])
    assert client.get(unknown).status_code == 404


def test_a_recording_is_handed_in_and_heard_as_sound_alone(world, owner) -> None:
    client = signed_in(owner)
    at = reverse("publishing:record", args=[world.campaign.pk, "start", "vi"])
    assert client.get(at.replace("/start/", "/khac/")).status_code == 404
    client.post(at, {"file": SimpleUploadedFile("loi.mp3", MP3)})
    recording = SpokenRecording.objects.get()
    heard = client.get(reverse("publishing:recording", args=[recording.pk]))
    assert b"".join(heard.streaming_content) == MP3
    assert heard["Content-Type"] == "audio/mpeg"
    assert heard["X-Content-Type-Options"] == "nosniff"
    page = client.get(reverse("publishing:texts", args=[world.campaign.pk])).content.decode()
    assert reverse("publishing:recording", args=[recording.pk]) in page
    assert reverse("publishing:publish_recording", args=[recording.pk]) not in page
