"""Fetching as a whole: what was written, and that an empty list takes no full one's place."""

from pathlib import Path

import pytest

from quetsach.errors.exceptions import QuetsachError
from quetsach.indicators.fetch.connection import Credentials
from quetsach.indicators.fetch.fetch import FetchOptions, ServerInterface, fetch_list
from tests.cli.running import names_in
from tests.indicators.fetch.servers import COLLECTION, Said, as_said, serving, taxii_server
from tests.indicators.fetch.test_misp import KEY, Misp, feed_server
from tests.indicators.fetch.test_taxii import indicators

UNIT = FetchOptions(credentials=Credentials("unit", "mat khau"))


def code(address: str, target: Path, options: FetchOptions = UNIT) -> str:
    with pytest.raises(QuetsachError) as caught:
        fetch_list(address, target, options)
    return caught.value.problem.code


def test_each_interface_writes_its_list(tmp_path: Path) -> None:
    with taxii_server(tmp_path, indicators(120)) as address:
        taxii = fetch_list(f"{address}/taxii2/", tmp_path / "taxii.json", UNIT)
    misp_options = FetchOptions(ServerInterface.MISP, Credentials(token=KEY))
    with serving(Misp(3)) as server:
        misp = fetch_list(server.address, tmp_path / "misp.json", misp_options)
    with serving(feed_server(3)) as server:
        feed_options = FetchOptions(ServerInterface.MISP_FEED)
        feed = fetch_list(f"{server.address}/feed/", tmp_path / "feed.json", feed_options)
    assert (taxii.count, misp.count, feed.count) == (120, 3, 3)
    for fetched, name in ((taxii, "taxii.json"), (misp, "misp.json"), (feed, "feed.json")):
        assert (tmp_path / name).read_bytes() == fetched.body


def test_a_server_that_holds_nothing_gives_no_list(tmp_path: Path) -> None:
    with serving(lambda _asked: as_said({})) as server:
        assert code(f"{server.address}/c/objects/", tmp_path / "list.json") == "E216"
        after = FetchOptions(added_after="2022-09-12T00:00:00Z")
        assert fetch_list(f"{server.address}/c/objects/", tmp_path / "list.json", after).count == 0
    assert names_in(tmp_path) == []


def test_a_failure_half_way_leaves_no_list(tmp_path: Path) -> None:
    pages = iter([as_said({"more": True, "next": "a", "objects": [{"id": "x"}]}), Said(status=500)])
    with serving(lambda _asked: next(pages)) as server:
        assert code(f"{server.address}/c/objects/", tmp_path / "list.json") == "E216"
    assert names_in(tmp_path) == []


def test_wrong_values_are_told_before_anybody_is_asked(tmp_path: Path) -> None:
    (tmp_path / "there.json").write_bytes(b"old")
    with serving(lambda _asked: Said()) as server:
        assert code(server.address, tmp_path / "there.json") == "E601"
        for wrong in ("yesterday", "", "2022-13-01", "0001-01-01T00:00:00"):
            options = FetchOptions(added_after=wrong)
            assert code(server.address, tmp_path / "list.json", options) == "E601"
        assert server.asked == []
    assert code(f"http://taxii.example/{COLLECTION}", tmp_path / "list.json") == "E214"
