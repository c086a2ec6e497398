"""A stream tells what changed, has a bounded number of pieces, and gives its place free."""

import json
from collections.abc import Iterator

import pytest

from quetsach_portal.web import event_stream as streams
from quetsach_portal.web.event_stream import EventStreamResponse, event_stream

pytestmark = pytest.mark.django_db  # closing a response closes old connections

PERSON = 71


@pytest.fixture(autouse=True)
def _connections_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "close_old_connections", lambda: None)


def test_it_tells_what_changed_and_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "MOST_PIECES", 3)
    texts: Iterator[str] = iter(["<p>một\n\nhai</p>", "<p>một\n\nhai</p>", "ba"])
    stream = event_stream(PERSON, lambda: next(texts))
    assert isinstance(stream, EventStreamResponse)
    first, same, last = list(stream)
    assert first.startswith(b"retry: 10000\ndata: ")
    # An empty line would end the event: the text has none as JSON.
    assert first.count(b"\n\n") == 1
    assert json.loads(first.decode().split("data: ")[1]) == "<p>một\n\nhai</p>"
    assert same == b": as before\n\n"
    assert b'"ba"' in last
    stream.close()


def test_a_person_has_few_and_closing_gives_the_place_free() -> None:
    kept = [event_stream(PERSON, str) for _number in range(streams.AT_ONCE_OF_ONE)]
    refused = event_stream(PERSON, str)
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "60")
    other = event_stream(PERSON + 1, str)
    assert other.status_code == 200
    for stream in [*kept, other]:
        stream.close()
        stream.close()
    again = event_stream(PERSON, str)
    assert again.status_code == 200
    again.close()
    assert not streams._open


def test_a_process_has_a_bounded_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "AT_ONCE", 2)
    kept = [event_stream(person, str) for person in (1, 2)]
    assert event_stream(3, str).status_code == 503
    for stream in kept:
        stream.close()


def test_one_that_is_forgotten_gives_its_place_free() -> None:
    event_stream(PERSON, str)
    assert streams._open[PERSON] == 0
