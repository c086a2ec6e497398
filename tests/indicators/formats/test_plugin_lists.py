"""Forms of lists of others: a list is taken whole, or refused."""

from pathlib import Path

import pytest

from quetsach.errors.exceptions import QuetsachError
from quetsach.indicators.compiled import cache
from quetsach.indicators.options import ListOptions
from quetsach.indicators.read import read_lists
from tests.plugin_packages import Install, install_package  # noqa: F401


def test_a_list_that_a_package_fails_at_is_refused_and_not_read_by_another(
    install: Install, tmp_path: Path
) -> None:
    code = """
from quetsach.indicators.formats.contract import FormReading
def rows():
    yield from ()
    raise ValueError("half")
class Form:
    title = reads = "x"
    def read(self, file):
        return FormReading(rows())
"""
    install("pl_one", code, {"quetsach.list_forms": {"pl-list": "pl_one:Form"}})
    path = tmp_path / "list.txt"
    path.write_text("# of Acme\nbad.example ; x\n")
    with pytest.raises(QuetsachError, match=r"E651 pl_one 2\.5"):
        read_lists([path], ListOptions())
    path.write_text("bad.example\n")
    assert len(read_lists([path], ListOptions()).indicators) == 1


def test_a_list_kept_in_the_cache_is_read_anew_where_a_package_came(
    install: Install, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = """
from quetsach.indicators.formats.contract import FormReading, ListRow
class Form:
    title = reads = "x"
    def read(self, file):
        return FormReading([ListRow(1, "x", "other.example")])
"""
    monkeypatch.setattr(cache, "FEWEST_BYTES", 1)
    path, kept = tmp_path / "list.txt", tmp_path / "kept"
    path.write_text("# of Acme\nbad.example ; x\n")
    kept.mkdir()
    before = cache.read_cached([path], ListOptions(), kept)
    install("pl_one", code, {"quetsach.list_forms": {"pl-list": "pl_one:Form"}})
    after = cache.read_cached([path], ListOptions(), kept)
    assert [one.form for one in before.indicators.readings] != ["pl-list"]
    assert [one.form for one in after.indicators.readings] == ["pl-list"]
