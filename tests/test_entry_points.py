"""Packages of others: what cannot be used is named, and the rest goes on."""

import importlib
import sys

import pytest

from quetsach import entry_points
from quetsach.entry_points import PluginGroup, all_offers, offers_of
from quetsach.formats.plugin_formats import plugin_formats
from quetsach.formats.registry import by_name
from quetsach.sweeping.plugin_use import plugin_problems
from tests.plugin_packages import (  # noqa: F401
    Install,
    codes,
    forget,
    gate,
    install_package,
)


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


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("entry_points.txt", b"[quetsach.formats]\nno equals sign\n"),
        ("entry_points.txt", b"\xff\xfe[quetsach.formats]\n"),
        ("METADATA", b""),
        ("METADATA", None),
    ],
)
def test_a_package_with_damaged_files_is_named_and_the_others_go_on(
    install: Install, file: str, content: bytes | None
) -> None:
    groups = {"quetsach.formats": {"gate": "pl_sound:Gate"}}
    install("pl_sound", gate("return ParsedLines()"), groups)
    broken = install("pl_broken", "", {"quetsach.formats": {"other": "pl_broken:Gate"}})
    damaged = broken / "pl_broken-2.5.dist-info" / file
    damaged.unlink()
    if content is not None:
        damaged.write_bytes(content)
    forget()
    assert [offer.package for offer in offers_of(PluginGroup.FORMATS)] == ["pl_sound"]
    assert codes(PluginGroup.FORMATS) == [("E650", str(broken))]


def test_an_error_whose_text_raises_is_an_error_all_the_same(install: Install) -> None:
    code = """
class Bad(Exception):
    def __str__(self):
        raise RuntimeError
raise Bad
"""
    install("pl_one", code, {"quetsach.formats": {"gate": "pl_one:Gate"}})
    assert plugin_formats() == ()
    assert [code for code, _where in codes(PluginGroup.FORMATS)] == ["E650"]


def test_a_sweep_names_a_damaged_package_that_is_the_only_one(install: Install) -> None:
    broken = install("pl_broken", "", {"quetsach.formats": {"other": "pl_broken:Gate"}})
    (broken / "pl_broken-2.5.dist-info/METADATA").unlink()
    forget()
    assert [(one.code, one.where) for one in plugin_problems(())] == [("E650", str(broken))]


def test_no_code_is_loaded_from_the_folder_of_the_evidence(
    install: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A notebook has "" in its module path, and stands where the evidence lies.
    place = install("pl_one", gate("pass"), {"quetsach.formats": {"gate": "pl_one:Gate"}})
    assert [offer.name for offer in all_offers()] == ["gate"]
    monkeypatch.chdir(place)
    for entry in ("", str(place)):
        monkeypatch.setattr(
            sys, "path", [entry, *(each for each in sys.path if each != str(place))]
        )
        importlib.invalidate_caches()
        forget()
        assert all_offers() == ()
        assert [code for code, _where in codes(PluginGroup.FORMATS)] == ["E650"]
        assert "pl_one" not in sys.modules
