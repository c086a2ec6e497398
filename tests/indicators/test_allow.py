"""Allow-lists tag an indicator with their class; they never drop it."""

import json
from pathlib import Path

import pytest

from quetsach.errors import QuetsachError
from quetsach.indicators.allow import class_of, read_allow, tagged
from quetsach.indicators.model import IndicatorSet
from quetsach.indicators.options import ListOptions
from quetsach.indicators.read import read_lists


def _set(tmp_path: Path, *values: str) -> IndicatorSet:
    path = tmp_path / "ds.txt"
    path.write_text("\n".join(values))
    return read_lists([path], ListOptions())


def _warning(tmp_path: Path, name: str, kind: str, entries: list[str]) -> Path:
    path = tmp_path / f"{class_of(name)}.json"
    path.write_text(json.dumps({"name": name, "type": kind, "list": entries, "version": 3}))
    return path


def _tags(tmp_path: Path, values: list[str], *lists: Path) -> dict[str, tuple[str, ...]]:
    found = tagged(_set(tmp_path, *values), read_allow(lists))
    assert len(found.indicators) == len(values), "a class never drops an indicator"
    return {one.key: one.allow_classes for one in found.indicators}


def test_addresses_and_networks_that_touch_a_list_are_tagged(tmp_path: Path) -> None:
    resolvers = _warning(
        tmp_path,
        "List of known IPv4 public DNS resolvers",
        "cidr",
        ["203.0.113.53", "198.51.100.0/24", "198.51.100.64/26", "2001:db8::53"],
    )
    values = [
        "203.0.113.53", "203.0.113.54", "203.0.113.0/24", "198.51.100.200", "198.51.100.7:443",
        "2001:db8::53", "2001:db8:1::/48", "http://203.0.113.53/a", "192.0.2.0/24",
    ]  # fmt: skip
    tags = _tags(tmp_path, values, resolvers)
    assert {key for key, classes in tags.items() if classes == ("resolver",)} == {
        "203.0.113.53", "203.0.113.0/24", "198.51.100.200", "198.51.100.7:443", "2001:db8::53",
        "203.0.113.53/a",
    }  # fmt: skip


def test_names_are_tagged_by_themselves_from_below_and_from_above(tmp_path: Path) -> None:
    dynamic = _warning(tmp_path, "List of known dynamic DNS domains", "hostname", [".dyn.example"])
    exact = _warning(tmp_path, "CRL and OCSP domains", "string", ["ocsp.ca.example"])
    values = ["bad.dyn.example", "ca.example", "x.ocsp.ca.example", "other.example"]
    assert _tags(tmp_path, values, dynamic, exact) == {
        "bad.dyn.example": ("dynamic-dns",),
        "ca.example": ("certificate",),
        "x.ocsp.ca.example": (),
        "other.example": (),
    }


def test_plain_list_gives_its_file_name_as_class(tmp_path: Path) -> None:
    folder = tmp_path / "allow"
    folder.mkdir()
    (folder / "Sinkhole.txt").write_text("203.0.113.9 # ours\nsink[.]example\n")
    values = ["203.0.113.9", "a.sink.example"]
    assert set(_tags(tmp_path, values, folder).values()) == {("sinkhole",)}


def test_lists_of_pieces_are_left_out_and_named(tmp_path: Path) -> None:
    path = _warning(tmp_path, "List of disposable email domains", "substring", ["bad"])
    assert read_allow([path]).left_out == (path.name,)
    assert _tags(tmp_path, ["bad.example"], path) == {"bad.example": ()}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("List of known Cloudflare IP ranges", "cdn"),
        ("List of known Amazon AWS IP address ranges", "cloud"),
        ("List of known sinkholes", "sinkhole"),
        ("Parking domains", "parking"),
        ("Top 1000 website from Alexa", "top-sites"),
        ("Một danh sách khác", "m-t-danh-s-ch-kh-c"),
    ],
)
def test_class_follows_from_the_name_of_the_list(name: str, expected: str) -> None:
    assert class_of(name) == expected


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"name": "x", "list": [1]}', b"\xff\xfe{"])
def test_damaged_warning_list_is_an_error_with_its_path(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "damaged.json"
    path.write_bytes(content)
    with pytest.raises(QuetsachError, match=r"E202 .*damaged\.json"):
        read_allow([path])
