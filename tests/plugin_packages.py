"""Packages that are made up for one test: installed into a folder, and forgotten afterwards."""

import importlib
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from quetsach import entry_points
from quetsach.api import exporting
from quetsach.blocklists.outputs import registry as outputs
from quetsach.formats import line_forms, plugin_formats, registry
from quetsach.indicators.formats import plugin_lists

Install = Callable[..., Path]

_REMEMBERED = (
    entry_points.all_offers,
    exporting.offered_exports,
    outputs.offered_outputs,
    line_forms._offered,
    plugin_formats.plugin_formats,
    plugin_formats.plugin_dialects,
    plugin_formats.plugin_promises,
    registry.by_name,
    plugin_lists.plugin_lists,
)


def forget() -> None:
    for remembered in _REMEMBERED:
        remembered.cache_clear()
    entry_points._UNUSABLE.clear()
    entry_points._RAISED.clear()


@pytest.fixture(name="install")
def install_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Install a package of one module: `install("acme", code, {"quetsach.formats": {...}})`."""

    def installed(
        name: str, code: str, groups: Mapping[str, Mapping[str, str]], files: Mapping[str, str] = {}
    ) -> Path:
        place = tmp_path / "site" / name
        module = place / name
        module.mkdir(parents=True)
        (module / "__init__.py").write_text(code)
        for file, text in files.items():
            (module / file).write_text(text)
        info = place / f"{name}-2.5.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 2.5\n")
        lines = [
            line
            for group, entries in groups.items()
            for line in (f"[{group}]", *(f"{key} = {value}" for key, value in entries.items()))
        ]
        (info / "entry_points.txt").write_text("\n".join(lines) + "\n")
        # Not by syspath_prepend, which asks a pkg_resources that a test may have put away.
        monkeypatch.setattr(sys, "path", [str(place), *sys.path])
        importlib.invalidate_caches()
        forget()
        return place

    forget()
    yield installed
    monkeypatch.undo()
    for module in [one for one in sys.modules if one.partition(".")[0].startswith("pl_")]:
        del sys.modules[module]
    forget()


FORMAT = """
from quetsach.formats.contract import LogLayout, ParsedLines
class Gate:
    name, title, reads = "pl-gate", "Gate", "lines"
    def recognise(self, head):
        return head.startswith(b"%%gate")
    def layout(self, head):
        return LogLayout("pl.gate")
    def parse(self, lines, layout, zone):
        {parse}
"""


def gate(parse: str) -> str:
    """Return the code of a format whose `parse` is this statement."""
    return FORMAT.format(parse=parse)


def codes(*groups: entry_points.PluginGroup) -> list[tuple[str, str]]:
    """Return the problems of the groups since they were last asked for: code and package."""
    return [(one.code, one.where) for one in entry_points.take_problems(*groups)]
