"""MISP: pages of its search, and the events of a feed, into one file that we read."""

import json
import warnings
from pathlib import Path
from typing import Any

import pytest

from quetsach.errors.exceptions import QuetsachError
from quetsach.indicators.fetch.connection import Credentials, HttpClient, parse_target
from quetsach.indicators.fetch.misp import AUTH_SCHEME, MEDIA_TYPE, fetch_events, fetch_feed
from quetsach.indicators.options import ListOptions
from quetsach.indicators.read import read_lists
from tests.indicators.fetch.servers import Asked, Said, as_said, serving

KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCD"


def event(number: int) -> dict[str, Any]:
    return {
        "Event": {
            "uuid": f"5758ebf5-c898-48e6-9fe9-{number:012d}",
            "info": f"Sự kiện {number}",
            "publish_timestamp": str(1_663_000_000 + number),
            "timestamp": str(1_663_000_000 + number),
            "Attribute": [{"type": "domain", "value": f"n{number}.example", "to_ids": True}],
        }
    }


class Misp:
    """A server that answers the search for events as MISP does, for whoever has the key."""

    def __init__(self, count: int) -> None:
        self.events = [event(number) for number in range(count)]

    def __call__(self, asked: Asked) -> Said:
        if asked.headers.get("authorization") != KEY:
            return Said(b'{"message": "Authentication failed."}', status=403)
        if (asked.method, asked.path) != ("POST", "/events/restSearch"):
            return Said(status=404)
        said = json.loads(asked.body)
        since = said.get("publish_timestamp", 0)
        found = [one for one in self.events if int(one["Event"]["publish_timestamp"]) >= since]
        begin = (said["page"] - 1) * said["limit"]
        return as_said({"response": found[begin : begin + said["limit"]]})


def client(address: str, token: str = KEY) -> HttpClient:
    headers = {
        "Accept": MEDIA_TYPE,
        "Content-Type": MEDIA_TYPE,
        **Credentials(token=token).header(AUTH_SCHEME),
    }
    return HttpClient(parse_target(address), headers)


@pytest.mark.parametrize("count", [0, 1, 99, 100, 101, 250])
def test_every_event_of_every_page_comes_once_and_is_read(tmp_path: Path, count: int) -> None:
    with serving(Misp(count)) as server:
        fetched = fetch_events(client(server.address))
    assert fetched.count == count
    (tmp_path / "list.json").write_bytes(fetched.body)
    found = read_lists([tmp_path / "list.json"], ListOptions())
    assert {one.key for one in found.indicators} == {f"n{n}.example" for n in range(count)}
    assert found.readings[0].form == "misp"


def test_pymisp_reads_what_was_fetched() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pymisp import MISPEvent
    with serving(Misp(3)) as server:
        fetched = fetch_events(client(server.address))
    values = []
    for one in json.loads(fetched.body)["response"]:
        theirs = MISPEvent()
        theirs.from_dict(**one)
        values += [attribute.value for attribute in theirs.attributes]
    assert values == ["n0.example", "n1.example", "n2.example"]


def test_the_time_of_the_last_event_leads_on() -> None:
    with serving(Misp(250)) as server:
        first = fetch_events(client(server.address))
        assert first.continue_after == "2022-09-12T16:30:49+00:00"
        assert fetch_events(client(server.address), first.continue_after).count == 1
        asked = json.loads(server.asked[-1].body)
    assert (asked["publish_timestamp"], asked["published"]) == (1_663_000_249, True)


def test_a_wrong_key_is_told() -> None:
    with serving(Misp(1)) as server, pytest.raises(QuetsachError) as caught:
        fetch_events(client(server.address, token="wrong"))
    assert caught.value.problem.code == "E215"


def test_a_server_that_knows_no_pages_is_asked_twice_and_no_more() -> None:
    every = as_said({"response": [event(number) for number in range(100)]})
    with serving(lambda _asked: every) as server:
        fetched = fetch_events(client(server.address))
    assert (fetched.count, len(server.asked)) == (100, 2)


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b'{"response": 7}', b'{"response": [7]}', b"[" * 200_000]
)
def test_garbage_is_no_list(body: bytes) -> None:
    with serving(lambda _asked: Said(body)) as server:
        with pytest.raises(QuetsachError) as events:
            fetch_events(client(server.address))
        with pytest.raises(QuetsachError) as feed:
            fetch_feed(client(server.address))
        assert len(server.asked) == 2
    assert (events.value.problem.code, feed.value.problem.code) == ("E216", "E216")


def feed_server(count: int, manifest: Any = None) -> Any:
    events = {f"/feed/{event(n)['Event']['uuid']}.json": event(n) for n in range(count)}
    listed = {
        one["Event"]["uuid"]: {"info": "", "timestamp": one["Event"]["timestamp"]}
        for one in events.values()
    }

    def answer(asked: Asked) -> Said:
        if asked.path == "/feed/manifest.json":
            return as_said(listed if manifest is None else manifest)
        return as_said(events[asked.path]) if asked.path in events else Said(status=404)

    return answer


@pytest.mark.parametrize("path", ["/feed/", "/feed", "/feed/manifest.json"])
def test_every_event_of_a_feed_comes_and_is_read(tmp_path: Path, path: str) -> None:
    with serving(feed_server(7)) as server:
        fetched = fetch_feed(client(server.address + path))
        newer = fetch_feed(client(server.address + path), "2022-09-12T16:26:43Z")
    assert (fetched.count, newer.count) == (7, 3)
    assert fetched.continue_after == "2022-09-12T16:26:46+00:00"
    (tmp_path / "list.json").write_bytes(fetched.body)
    assert len(read_lists([tmp_path / "list.json"], ListOptions()).indicators) == 7


@pytest.mark.parametrize(
    "manifest",
    [
        {"../../admin": {"timestamp": 1}},
        {"//198.51.100.7/a": {"timestamp": 1}},
        {"5758ebf5-c898-48e6-9fe9-000000000000/../x": {"timestamp": 1}},
        {"a": 7},
        [],
    ],
)
def test_a_manifest_leads_nowhere_else(manifest: Any) -> None:
    with serving(feed_server(1, manifest)) as server:
        with pytest.raises(QuetsachError) as caught:
            fetch_feed(client(server.address + "/feed/"))
        assert caught.value.problem.code == "E216"
        assert len(server.asked) == 1


def test_an_event_that_is_missing_makes_the_whole_feed_missing() -> None:
    gone = {event(0)["Event"]["uuid"]: {"timestamp": "1"}, event(9)["Event"]["uuid"]: {}}
    with serving(feed_server(1, gone)) as server, pytest.raises(QuetsachError) as caught:
        fetch_feed(client(server.address + "/feed/"))
    assert caught.value.problem.code == "E216"
