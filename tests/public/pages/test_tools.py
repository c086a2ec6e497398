"""The public page reads the catalogue that the engine writes."""

from pathlib import Path

from quetsach.trusted_tools import FORMAT, Catalogue, catalogue_json
from quetsach_public.pages.tools import Tool, read_tools
from tests.test_trusted_tools import SCANNER


def test_what_the_engine_writes_is_read(tmp_path: Path) -> None:
    path = tmp_path / "tools.json"
    assert read_tools(path) == ()
    path.write_bytes(catalogue_json(Catalogue(FORMAT, "Sở", "2022-09-20", (SCANNER,))))
    (tool,) = read_tools(path)
    fields = Tool.__dataclass_fields__
    assert all(getattr(tool, one) == getattr(SCANNER, one) for one in fields)
    assert set(fields) == set(SCANNER.__struct_fields__)
