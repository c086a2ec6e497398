"""Whoever sees how long an answer is does not know which it is."""

import gzip
import zlib
from datetime import timedelta
from pathlib import Path

import pytest

from quetsach_public.app import Application
from quetsach_public.pages.campaign import LANGUAGES, prefix
from quetsach_public.responses import STEP, padded_reply
from tests.public.asking import asked
from tests.public.made import NOW, made_home

ADDRESSES = ("192.0.2.10", "192.0.2.77", "203.0.113.5", "198.51.100.1", "10.0.0.1", "no address")


@pytest.fixture
def app(tmp_path: Path) -> Application:
    return Application(made_home(tmp_path / "home"), now=lambda: NOW)


def test_all_answers_of_a_language_are_equally_long(app: Application) -> None:
    for language in LANGUAGES:
        for query in ("", "?ma=TC17-abcdef"):
            for packing in ("", "gzip"):
                path = f"{prefix(language)}/kiem-tra{query}"
                got = [
                    asked(app, path, remote=one, HTTP_ACCEPT_ENCODING=packing) for one in ADDRESSES
                ]
                app._now = lambda: NOW + timedelta(days=30)
                got.append(asked(app, path, HTTP_ACCEPT_ENCODING=packing))
                app._now = lambda: NOW
                lengths = {len(one.body) for one in got}
                assert len(lengths) == 1, (path, packing, lengths)
                assert len({one.text for one in got}) >= 5


@pytest.mark.parametrize("length", [0, 1, STEP - 8, STEP, 2 * STEP - 3, 3 * STEP])
def test_what_is_padded_unpacks_to_the_page(length: int) -> None:
    page = bytes(n * 7919 % 251 for n in range(length))
    reply = padded_reply(page)
    assert reply.packed is not None
    assert len(reply.packed) % STEP == len(reply.body) % (2 * STEP) == 0
    for whole in (gzip.decompress(reply.packed), zlib.decompress(reply.packed, 31)):
        assert whole.startswith(page)
        assert whole[length:].startswith(b"<!--")
    assert reply.body.startswith(page)
