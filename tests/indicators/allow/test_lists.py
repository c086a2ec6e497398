"""Allow-lists tag an indicator with their class; they never drop it."""

import json
from pathlib import Path

import pytest
from msgspec import structs

from quetsach.errors.exceptions import QuetsachError
from quetsach.indicators.allow import lists
from quetsach.indicators.allow.classes import AllowMatchKind, class_of
from quetsach.indicators.allow.lists import (
    find_allow_matches,
    read_allow,
    tag_allow_classes,
)
from quetsach.indicators.allow.warning_lists import misp_lists
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
    found = tag_allow_classes(_set(tmp_path, *values), read_allow(lists))
    assert len(found.indicators) == len(values), "a class never drops an indicator"
    return {one.key: one.allow_classes for one in found.indicators}


@pytest.mark.parametrize("few", [0, 16])
def test_addresses_and_networks_that_touch_a_list_are_tagged(
    few: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "FEW", few)
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


@pytest.mark.parametrize("few", [0, 16])
def test_names_are_tagged_by_themselves_from_below_and_from_above(
    few: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "FEW", few)
    dynamic = _warning(tmp_path, "List of known dynamic DNS domains", "hostname", [".dyn.example"])
    entries = ["ocsp.ca.example", "two.other.example\nlines"]
    exact = _warning(tmp_path, "CRL and OCSP domains", "string", entries)
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


def test_how_a_name_meets_a_list_is_told(tmp_path: Path) -> None:
    lists = [
        _warning(tmp_path, "Top 500 domains", "hostname", ["big.example", "github.io"]),
        _warning(tmp_path, "List of known dynamic DNS domains", "hostname", [".dyn.example"]),
        _warning(tmp_path, "List of known google domains", "string", ["*.g.example", "Ü.example"]),
    ]
    values = ["big.example", "a.big.example", "x.github.io", "me.dyn.example", "example.org"]
    found = find_allow_matches(
        _set(tmp_path, *values, "h.g.example", "xn--tda.example"), read_allow(lists)
    )
    assert {key: [(one.of_class, one.touch) for one in met] for (key, _), met in found.items()} == {
        "big.example": [("top-sites", AllowMatchKind.ITSELF)],
        "a.big.example": [("top-sites", AllowMatchKind.BELOW)],
        "x.github.io": [("top-sites", AllowMatchKind.CUSTOMER)],
        "me.dyn.example": [("dynamic-dns", AllowMatchKind.CUSTOMER)],
        "h.g.example": [("vendor", AllowMatchKind.BELOW)],
        "xn--tda.example": [("vendor", AllowMatchKind.ITSELF)],
    }


def test_what_a_person_kept_is_not_tagged(tmp_path: Path) -> None:
    found = _set(tmp_path, "ocsp.ca.example")
    kept = tuple(structs.replace(one, decided="keep") for one in found.indicators)
    path = _warning(tmp_path, "CRL and OCSP domains", "string", ["ocsp.ca.example"])
    allow = read_allow([path])
    assert tag_allow_classes(found, allow).indicators[0].allow_classes == ("certificate",)
    assert tag_allow_classes(IndicatorSet(kept), allow).indicators == kept


def test_a_file_known_to_be_harmless_is_tagged(tmp_path: Path) -> None:
    path = _warning(tmp_path, "List of known hashes for benign files", "string", ["AB" * 32])
    assert _tags(tmp_path, ["ab" * 32], path) == {"ab" * 32: ("benign-file",)}


def test_the_lists_of_the_package_are_all_read_or_named_as_left_out() -> None:
    folders = sorted(path.name for path in misp_lists().iterdir() if path.is_dir())
    allow = read_allow([misp_lists()])
    assert len(folders) == len(allow.lists) + len(allow.left_out) > 100
    assert sorted(allow.left_out) == [
        "automated-malware-analysis",
        "common-contact-emails",
        "disposable-email",
        "microsoft-attack-simulator",
        "phone_numbers",
    ]


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"name": "x", "list": [1]}', b"\xff\xfe{"])
def test_damaged_warning_list_is_an_error_with_its_path(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "damaged.json"
    path.write_bytes(content)
    with pytest.raises(QuetsachError, match=r"E202 .*damaged\.json"):
        read_allow([path])
