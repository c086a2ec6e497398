"""Packages of others: what cannot be used is named, and the rest goes on."""

import sys

import pytest

from quetsach import entry_points
from quetsach.entry_points import PluginGroup, all_offers, offers_of
from quetsach.formats.plugin_formats import plugin_formats
from quetsach.formats.registry import by_name
from tests.plugin_packages import Install, codes, gate, install_package  # noqa: F401


def test_a_built_in_name_is_never_taken(install: Install) -> None:
    install(
        "pl_one", gate("return ParsedLines()"), {"quetsach.formats": {"zeek-tsv": "pl_one:Gate"}}
    )
    assert plugin_formats() == ()
    assert type(by_name("zeek-tsv")).__module__ == "quetsach.formats.zeek_tsv"
    assert codes(PluginGroup.FORMATS) == [("E650", "pl_one 2.5 (quetsach.formats zeek-tsv)")]


def test_of_two_packages_with_one_name_the_first_in_order_has_it(install: Install) -> None:
    code = gate("return ParsedLines()")
    install("pl_b", code, {"quetsach.formats": {"gate": "pl_b:Gate"}})
    install("pl_a", code, {"quetsach.formats": {"gate": "pl_a:Gate"}})
    assert [form.offer.package for form in plugin_formats()] == ["pl_a"]
    assert codes(PluginGroup.FORMATS) == [("E650", "pl_b 2.5 (quetsach.formats gate)")]


@pytest.mark.parametrize("name", ["host-gate", "Gate", "g", "a b", "../x"])
def test_a_name_has_one_form(install: Install, name: str) -> None:
    install("pl_one", gate("pass"), {"quetsach.formats": {name: "pl_one:Gate"}})
    assert offers_of(PluginGroup.FORMATS) == ()
    assert [code for code, _where in codes(PluginGroup.FORMATS)] == ["E650"]


def test_nothing_is_loaded_where_no_package_offers_anything(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    entry_points.all_offers.cache_clear()
    monkeypatch.setattr(sys, "path", [one for one in sys.path if "site-packages" in one])
    monkeypatch.setattr("importlib.metadata.entry_points", lambda **_group: 1 / 0)
    assert all_offers() == ()
    entry_points.all_offers.cache_clear()
