"""The table of packages of others: usable or not, and why."""

import pytest

from quetsach.api.plugins import plugin_rows
from quetsach.entry_points import PluginGroup
from quetsach.formats.registry import recognise
from tests.plugin_packages import Install, codes, install_package  # noqa: F401


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("raise RuntimeError('no')", "pl_one:Gate"),
        ("import sys; sys.exit(3)", "pl_one:Gate"),
        ("Gate = 3", "pl_one:Gate"),
        ("", "pl_one:Gate"),
        ("", "pl_absent:Gate"),
    ],
)
def test_what_cannot_be_loaded_is_named_and_the_rest_goes_on(
    install: Install, code: str, value: str
) -> None:
    install("pl_one", code, {"quetsach.formats": {"gate": value}})
    assert recognise(b"no form at all\n").name == "text"
    (row,) = plugin_rows()
    assert (row.offer.package, row.is_usable) == ("pl_one", False)
    assert row.reason
    # Each later sweep of the process is told as well.
    assert codes(PluginGroup.FORMATS) == codes(PluginGroup.FORMATS) != []
