"""Recordings: heard on the page of their text and language, with the words, whole and in parts."""

import re
from pathlib import Path

import pytest

from quetsach_public.app import Application
from quetsach_public.pages.building import build_site
from quetsach_public.pages.campaign import LANGUAGES, texts
from quetsach_public.pages.recordings import SPOKEN_TEXTS, SpokenFile, digest_of_words, spoken_words
from tests.public.asking import asked
from tests.public.made import CAMPAIGN, NOW, made_home

SOUND = b"ID3" + bytes(range(200))


@pytest.fixture
def app(tmp_path: Path) -> Application:
    made = made_home(tmp_path / "home")
    recordings = [
        SpokenFile("start", "vi", "mp3", SOUND),
        SpokenFile("steps-router", "vi", "wav", b"RIFFxxxxWAVE", is_machine=True),
        SpokenFile("seen", "km", "ogg", b"OggS"),
    ]
    build_site(made.site, CAMPAIGN, recordings=recordings)
    return Application(made, now=lambda: NOW, check_interval_s=0)


def test_a_recording_is_heard_on_the_page_of_its_text_and_language_with_its_words(app) -> None:
    page = asked(app, "/").text
    (source,) = re.findall(r'<audio controls preload="none" src="([^"]+)"', page)
    heard = asked(app, source, HTTP_ACCEPT_ENCODING="gzip")
    assert (heard.status, heard.body) == (200, SOUND)
    assert heard.headers["Content-Type"] == "audio/mpeg"
    assert "Content-Encoding" not in heard.headers
    assert "media-src 'self'" in asked(app, "/").headers["Content-Security-Policy"]
    assert texts("vi")["start"]["mobile"] in page.partition("<details><summary>Lời đọc")[2]
    assert "<audio" not in asked(app, "/en/").text
    assert "<audio" in asked(app, "/km/kiem-tra", remote="192.0.2.10").text
    assert "<audio" not in asked(app, "/km/kiem-tra", remote="192.0.2.77").text


def test_a_machines_voice_is_marked_as_one(app) -> None:
    assert texts("vi")["listen"]["machine"] in asked(app, "/lam-sach/router").text
    assert texts("vi")["listen"]["machine"] not in asked(app, "/").text


@pytest.mark.parametrize(
    ("wanted", "status", "part", "said"),
    [
        ("bytes=0-1", 206, SOUND[:2], "bytes 0-1/203"),
        ("bytes=200-", 206, SOUND[200:], "bytes 200-202/203"),
        ("bytes=5-9999", 206, SOUND[5:], "bytes 5-202/203"),
        ("bytes=203-", 416, b"", "bytes */203"),
        ("bytes=9-5", 416, b"", "bytes */203"),
        ("bytes=-5", 200, SOUND, None),
        ("bytes=0-1,4-5", 200, SOUND, None),
        ("x", 200, SOUND, None),
    ],
)
def test_a_part_is_sent_as_it_was_asked_for(app, wanted, status, part, said) -> None:
    source = re.findall(r'<audio[^>]* src="([^"]+)"', asked(app, "/").text)[0]
    heard = asked(app, source, HTTP_RANGE=wanted)
    assert (heard.status, heard.body, heard.headers.get("Content-Range")) == (status, part, said)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_has_words_and_a_digest_that_changes_with_them(language: str) -> None:
    digests = {digest_of_words(key, language) for key in SPOKEN_TEXTS}
    assert len(digests) == len(SPOKEN_TEXTS)
    assert all(len(spoken_words(key, language)) > 60 for key in SPOKEN_TEXTS)
    with pytest.raises(KeyError):
        spoken_words("other", language)
