"""The warning lists that are always there: those of MISP but two kinds."""

import json
import lzma
from collections.abc import Iterator
from pathlib import Path

import pytest

from quetsach.indicators.allow import doubtful, warning_lists
from quetsach.indicators.allow.doubtful import doubtful_classes
from quetsach.indicators.allow.lists import AllowList, read_allow
from quetsach.indicators.allow.warning_lists import (
    CORE_LISTS,
    NOT_IN_CORE,
    misp_lists,
    unasked_lists,
)
from quetsach.indicators.model import Indicator
from quetsach.indicators.options import ListOptions
from quetsach.indicators.values import parse_value
from tools import core_lists


def indicator(word: str) -> Indicator:
    (value,) = parse_value(word, ListOptions()).values
    return Indicator(*value[:5])


SERVICES = ("8.8.8.8", "1.1.1.1", "104.16.0.1", "google.com", "github.com", "cloudflare.com")


@pytest.fixture
def without_package(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(warning_lists.importlib.util, "find_spec", lambda _name: None)
    doubtful.warning_index.cache_clear()
    yield
    doubtful.warning_index.cache_clear()


def by_name(allow_lists: tuple[AllowList, ...]) -> dict[str, AllowList]:
    return {allow_list.name: allow_list for allow_list in allow_lists}


def test_they_are_those_of_the_package_without_two_kinds() -> None:
    assert core_lists.main(["--check"]) == 0
    whole, always = (by_name(read_allow([path]).lists) for path in (misp_lists(), CORE_LISTS))
    assert always == {
        name: allow_list
        for name, allow_list in whole.items()
        if allow_list.of_class not in NOT_IN_CORE
    }
    assert {allow_list.of_class for allow_list in whole.values()} >= NOT_IN_CORE


def test_stale_ones_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, stale = tmp_path / "lists", tmp_path / "kept.xz"
    (folder / "one").mkdir(parents=True)
    stale.write_bytes(lzma.compress(b""))
    warning = {"name": "List of known public resolvers", "type": "cidr", "list": ["192.0.2.53"]}
    (folder / "one/list.json").write_text(json.dumps({**warning, "version": 1}))
    monkeypatch.setattr(core_lists, "CORE_LISTS", stale)
    monkeypatch.setattr(core_lists, "misp_lists", lambda: folder)
    assert core_lists.main(["--check"]) == 1
    assert core_lists.main([]) == 0
    assert core_lists.main(["--check"]) == 0
    assert json.loads(lzma.decompress(stale.read_bytes())) == warning


def test_services_of_everybody_accuse_nobody_without_the_package(without_package: None) -> None:
    assert misp_lists() == CORE_LISTS
    without = {name: doubtful_classes(indicator(name)) for name in SERVICES}
    assert all(without.values())
    assert unasked_lists(["x"]) == {"unasked_lists": sorted(NOT_IN_CORE)}
    assert unasked_lists([]) == {}


def test_who_is_accused_by_the_kept_ones_is_the_same_with_the_package(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert unasked_lists(["x"]) == {}
    asked = [indicator(name) for name in (*SERVICES, "bad.example", "203.0.113.9")]
    whole = [set(doubtful_classes(row)) - NOT_IN_CORE for row in asked]
    monkeypatch.setattr(doubtful, "misp_lists", lambda: CORE_LISTS)
    doubtful.warning_index.cache_clear()
    assert [set(doubtful_classes(row)) for row in asked] == whole
    doubtful.warning_index.cache_clear()
