"""Feeds are fetched from hosts that are named, and from no network within that is not."""

from pathlib import Path

import pytest

from quetsach.api.feeds import AllowedHosts, fetch_feed, host_of
from quetsach.errors.exceptions import QuetsachError
from tests.indicators.fetch.servers import Said, serving

HERE = AllowedHosts.named(["127.0.0.0/8"])


def test_a_host_is_allowed_when_it_is_named() -> None:
    allowed = AllowedHosts.named(["TAXII.example", "10.1.2.0/24", "2001:db8::1", "!?"])
    for host in ("taxii.example", "10.1.2.3", "2001:db8::1"):
        assert allowed.allows(host)
    for host in ("other.taxii.example", "10.1.3.3", "2001:db8::2", "", "!?"):
        assert not allowed.allows(host)
    assert host_of("https://Taxii.example/api/", allowed) == "taxii.example"
    for url in ("https://other.example/", "http://taxii.example/", "file:///etc/passwd"):
        with pytest.raises(QuetsachError) as caught:
            host_of(url, allowed)
        assert caught.value.problem.code == "E214"


@pytest.mark.parametrize(
    ("peer", "is_admitted"),
    [
        ("1.1.1.1", True),
        ("2606:4700::1111", True),
        ("10.1.2.3", True),
        ("10.1.3.3", False),
        ("127.0.0.1", False),
        ("169.254.169.254", False),
        ("::1", False),
        ("fe80::1", False),
        ("fd00::1", False),
        ("::ffff:10.1.3.3", False),
        ("::ffff:127.0.0.1", False),
        ("224.0.0.1", False),
        ("0.0.0.0", False),
        ("100.64.0.1", False),
        ("240.0.0.1", False),
        ("fe80::1%eth0", False),
        ("64:ff9b::a01:303", False),
        ("64:ff9b:1::a01:303", False),
        ("2002:a01:303::1", False),
        ("2001:0:a01:303::1", False),
        ("::10.1.3.3", False),
        ("::ffff:0:10.1.3.3", False),
        ("fec0::1", False),
        ("x", False),
    ],
)
def test_a_name_may_not_lead_within(peer: str, is_admitted: bool) -> None:
    assert AllowedHosts.named(["taxii.example", "10.1.2.0/24"]).admits(peer) is is_admitted


@pytest.mark.parametrize(
    "host",
    [
        "2130706433",
        "0177.0.0.1",
        "0x7f.1",
        "127.1",
        "0x7f000001",
        "[::ffff:127.0.0.1]",
        "①②⑦.0.0.1",
        "taxii.example@10.0.0.1",
        "10.0.0.1#@taxii.example",
        "taxii.example\\@10.0.0.1",
        "taxii.example:0",
        "[fe80::1%25eth0]",
        "localhost",
    ],
)
def test_no_writing_of_an_address_gets_past_the_names(host: str) -> None:
    with pytest.raises(QuetsachError) as caught:
        host_of(f"https://{host}/a", AllowedHosts.named(["taxii.example"]))
    assert caught.value.problem.code == "E214"


def test_secrets_are_sent_as_each_interface_wants_them(tmp_path: Path) -> None:
    with serving(lambda _asked: Said(b"a.example\n")) as server:
        fetch_feed(server.address, tmp_path / "a", "http", HERE, secret="unit:mat khau")
        fetch_feed(server.address, tmp_path / "b", "http", HERE, secret="khoa", etag='"1"')
    first, second = (asked.headers for asked in server.asked)
    assert first["authorization"].startswith("Basic ")
    assert (second["authorization"], second["if-none-match"]) == ("Bearer khoa", '"1"')
