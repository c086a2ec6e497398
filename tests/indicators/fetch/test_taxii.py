"""TAXII 2.1 against a real server: every page, from any address, on from the last time."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from quetsach.errors.exceptions import QuetsachError
from quetsach.indicators.fetch.connection import Credentials, FetchedList, HttpClient, parse_target
from quetsach.indicators.fetch.taxii import AUTH_SCHEME, MEDIA_TYPE, fetch_collection
from quetsach.indicators.options import ListOptions
from quetsach.indicators.read import read_lists
from tests.indicators.fetch.servers import (
    COLLECTION,
    LOCKED_COLLECTION,
    Asked,
    Said,
    as_said,
    serving,
    taxii_server,
)

UNIT = Credentials("unit", "mat khau")


def indicators(count: int) -> list[dict[str, Any]]:
    return [
        {
            "type": "indicator",
            "spec_version": "2.1",
            "id": f"indicator--33fe3b22-0201-47cf-85d0-{number:012d}",
            "created": "2022-09-12T00:00:00.000Z",
            "modified": f"2022-09-12T00:{number // 60:02}:{number % 60:02}.000Z",
            "pattern": f"[domain-name:value = 'n{number}.example']",
            "pattern_type": "stix",
            "valid_from": "2022-09-12T00:00:00Z",
        }
        for number in range(count)
    ]


def fetch(address: str, after: str | None = None, who: Credentials = UNIT) -> FetchedList:
    headers = {"Accept": MEDIA_TYPE, **who.header(AUTH_SCHEME)}
    return fetch_collection(HttpClient(parse_target(address), headers), after)


def code(address: str, **more: Any) -> str:
    with pytest.raises(QuetsachError) as caught:
        fetch(address, **more)
    return caught.value.problem.code


@pytest.mark.parametrize("count", [0, 1, 100, 101, 350])
def test_every_object_of_every_page_comes_once(tmp_path: Path, count: int) -> None:
    with taxii_server(tmp_path, indicators(count)) as address:
        fetched = fetch(f"{address}/trustgroup1/collections/{COLLECTION}/")
    assert fetched.count == count
    assert fetched.requests == max(1, -(-count // 100))
    assert json.loads(fetched.body)["objects"] == indicators(count)
    (tmp_path / "list.json").write_bytes(fetched.body)
    found = read_lists([tmp_path / "list.json"], ListOptions())
    assert found.readings[0].form == "stix"
    assert len(found.indicators) == count


@pytest.mark.parametrize(
    "path",
    [
        "/taxii2/",
        "/trustgroup1/",
        "/trustgroup1/collections/",
        f"/trustgroup1/collections/{COLLECTION}",
        f"/trustgroup1/collections/{COLLECTION}/objects/",
    ],
)
def test_the_collection_is_found_from_any_address_above_it(tmp_path: Path, path: str) -> None:
    with taxii_server(tmp_path, indicators(3)) as address:
        assert fetch(address + path).count == 3


def test_the_last_time_leads_on_to_what_is_new(tmp_path: Path) -> None:
    path = f"/trustgroup1/collections/{COLLECTION}/"
    with taxii_server(tmp_path, indicators(250)) as address:
        first = fetch(address + path)
        assert first.continue_after == "2022-09-12T00:04:09.000000Z"
        assert fetch(address + path, "2022-09-12T00:02:00.000000Z").count == 129
        nothing = fetch(address + path, first.continue_after)
        assert (nothing.count, nothing.continue_after) == (0, first.continue_after)


def test_two_collections_are_not_chosen_from_but_named(tmp_path: Path) -> None:
    several = taxii_server(tmp_path, indicators(1), others=True)
    with several as address, pytest.raises(QuetsachError) as caught:
        fetch(f"{address}/trustgroup1/")
    assert caught.value.problem.code == "E216"
    assert COLLECTION in str(caught.value)
    assert LOCKED_COLLECTION not in str(caught.value)


def test_wrong_credentials_and_locked_collections_are_told_apart(tmp_path: Path) -> None:
    path = f"/trustgroup1/collections/{COLLECTION}/"
    with taxii_server(tmp_path, indicators(1)) as address:
        assert code(address + path, who=Credentials("unit", "wrong")) == "E215"
        assert code(address + path, who=Credentials()) == "E215"
        assert code(f"{address}/trustgroup1/collections/{LOCKED_COLLECTION}/objects/") == "E215"
        assert code(f"{address}/no-such-root/") == "E216"


def test_an_api_root_on_another_host_is_not_asked() -> None:
    def other(_asked: Asked) -> Said:
        return as_said({"title": "other", "versions": ["x"], "can_read": True})

    with serving(other) as elsewhere:
        for root in (
            f"{elsewhere.address}/api/",
            "http://198.51.100.7/api/",
            "//198.51.100.7/api/",
        ):
            with serving(lambda _asked, r=root: as_said({"api_roots": [r]})) as server:
                assert code(f"{server.address}/taxii2/") == "E214"
        assert elsewhere.asked == []


def paged(answer: Callable[[int], Said]) -> str:
    numbers = iter(range(1_000_000))
    with serving(lambda _asked: answer(next(numbers))) as server:
        return code(f"{server.address}/c/objects/")


def test_pages_that_do_not_go_on_are_no_list() -> None:
    assert paged(lambda _n: as_said({"more": True})) == "E216"
    assert paged(lambda _n: as_said({"more": True, "next": "a", "objects": []})) == "E216"
    assert paged(lambda _n: as_said({"more": True, "objects": [{"id": "x"}]})) == "E216"
    assert (
        paged(lambda _n: as_said({"more": True, "next": "a", "objects": [{"id": "x"}]})) == "E216"
    )
    same = as_said({"more": True, "objects": [{"id": "x"}]}, X_TAXII_Date_Added_Last="2022")
    assert paged(lambda _n: same) == "E216"


def test_pages_without_a_token_go_on_from_the_time_of_the_last_object() -> None:
    def answer(asked: Asked) -> Said:
        number = 2 if "added_after=2022-09-12" in asked.path else 1
        stamp = f"2022-09-1{number + 1}T00:00:00Z"
        page = {"more": number == 1, "objects": indicators(3)[number : number + 1]}
        return as_said(page, X_TAXII_Date_Added_Last=stamp)

    with serving(answer) as server:
        fetched = fetch(f"{server.address}/c/objects/")
    assert [one["pattern"] for one in json.loads(fetched.body)["objects"]] == [
        "[domain-name:value = 'n1.example']",
        "[domain-name:value = 'n2.example']",
    ]
    assert fetched.continue_after == "2022-09-13T00:00:00Z"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>login</html>",
        b"[1]",
        b'{"objects": 7}',
        b'{"objects": {"a": 1}}',
        b'{"more": "x"}',
        b'{"objects": [' + b"[" * 200_000,
        b"\xff\xfe",
    ],
)
def test_garbage_is_no_list(body: bytes) -> None:
    with serving(lambda _asked: Said(body)) as server:
        assert code(f"{server.address}/c/objects/") == "E216"
        assert code(f"{server.address}/") == "E216"


def test_the_same_objects_make_the_same_bundle(tmp_path: Path) -> None:
    with taxii_server(tmp_path, indicators(5)) as address:
        path = f"{address}/trustgroup1/collections/{COLLECTION}/"
        assert fetch(path).sha256 == fetch(path).sha256
