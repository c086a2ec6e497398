"""The contract of packages of others, by what such a package imports."""

import pytest

from quetsach import plugins
from quetsach.blocklists.outputs.registry import output_named
from quetsach.errors.exceptions import QuetsachError
from tests.plugin_packages import Install, install_package  # noqa: F401


def test_an_output_names_no_file_elsewhere(install: Install) -> None:
    code = """
from quetsach.plugins import IndicatorKind, Output
OUT = Output("pl-out", "x", (IndicatorKind.NAME,), lambda entries, about: {"../x": "y"}, "x")
RPZ = Output("rpz", "x", (IndicatorKind.NAME,), lambda entries, about: {}, "x")
"""
    entries = {"pl-out": "pl_one:OUT", "rpz": "pl_one:RPZ"}
    install("pl_one", code, {"quetsach.outputs": entries})
    output = output_named("pl-out")
    assert output is not None
    with pytest.raises(QuetsachError, match="E651"):
        output.render([], None)  # type: ignore[arg-type]
    ours = output_named("rpz")
    assert ours is not None
    assert ours.title != "x"


def test_each_name_of_the_contract_stays() -> None:
    names = {name for name in vars(plugins) if not name.startswith("_")}
    assert names >= {
        "Audience", "BlockEntry", "BlockReason", "Claim", "EVENT", "Event", "Export", "ExportFacts",
        "Files", "Format", "FormReading", "HEAD_BYTES", "Indicator", "IndicatorKind", "Line",
        "LineClock", "ListFile", "ListFormat", "ListRow", "LogLayout", "MatchRule", "Mode",
        "Output", "ParsedLines", "Policy", "ProofMethod", "RefusalReason", "Reject",
        "ReleaseSummary", "Sighting", "Tlp", "Zone", "iso_us", "plain_record",
    }  # fmt: skip
