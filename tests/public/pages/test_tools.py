"""The public page reads the catalogue that the engine writes."""

from pathlib import Path

from quetsach.trusted_tools import FORMAT, Catalogue, catalogue_json
from quetsach_public.pages.building import build_site
from quetsach_public.pages.signed_tools import read_signed
from quetsach_public.pages.site import read_site
from quetsach_public.pages.tools import Tool, read_tools
from tests.public.made import CAMPAIGN, TOOL
from tests.test_trusted_tools import SCANNER


def test_what_the_engine_writes_is_read(tmp_path: Path) -> None:
    path = tmp_path / "tools.json"
    assert read_tools(path) == ()
    until = "2022-10-20T00:00:00+07:00"
    path.write_bytes(catalogue_json(Catalogue(FORMAT, "Sở", "2022-09-20", until, 1, (SCANNER,))))
    (tool,) = read_tools(path)
    fields = Tool.__dataclass_fields__
    assert all(getattr(tool, one) == getattr(SCANNER, one) for one in fields)
    assert set(fields) == set(SCANNER.__struct_fields__)


def test_the_signed_catalogue_lies_beside_the_page_that_names_it(tmp_path: Path) -> None:
    signature = b'{"signatures": [{"key_id": "ab12"}]}'
    signed = {"tools.json": b"{}", "tools.json.sig": signature, "tools.pub.pem": b"PEM"}
    for name, data in signed.items():
        (tmp_path / name).write_bytes(data)
    assert read_signed(tmp_path) == signed
    build_site(tmp_path / "site", CAMPAIGN, [TOOL], signed=signed)
    site = read_site(tmp_path / "site")
    found = [path for path in site.pages if path.startswith("/static/catalogue-")]
    assert [site.pages[path].plain for path in sorted(found)] == [b"{}", signature, b"PEM"]
    page = site.pages["/cong-cu"].plain.decode()
    assert all(f'href="{path}"' in page for path in found)
    assert "ab12" in page
    (tmp_path / "tools.pub.pem").unlink()
    assert read_signed(tmp_path) == {}
