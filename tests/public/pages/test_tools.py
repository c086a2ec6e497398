"""The public page reads the catalogue that the engine writes."""

import json
from dataclasses import replace
from pathlib import Path

from quetsach.trusted_tools import FORMAT, Catalogue, catalogue_json
from quetsach_public.pages.building import build_site
from quetsach_public.pages.site import read_site
from quetsach_public.pages.tools import ListedTool, read_signed, read_tools
from tests.public.made import CAMPAIGN, TOOL
from tests.test_trusted_tools import SCANNER


def test_what_the_engine_writes_is_read(tmp_path: Path) -> None:
    path = tmp_path / "tools.json"
    assert read_tools(path) == ()
    until = "2022-10-20T00:00:00+07:00"
    path.write_bytes(catalogue_json(Catalogue(FORMAT, "Sở", "2022-09-20", until, 1, (SCANNER,))))
    (tool,) = read_tools(path)
    fields = ListedTool.__dataclass_fields__
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
    assert site.catalogue("tools.json") == next(one for one in found if one.endswith("s.json"))
    page = site.pages["/cong-cu"].plain.decode()
    assert all(f'href="{path}"' in page for path in found)
    assert "ab12" in page
    (tmp_path / "tools.pub.pem").unlink()
    assert read_signed(tmp_path) == {}


def test_the_steps_name_the_tools_of_their_platform_with_digests_and_how_to_compare(
    tmp_path: Path,
) -> None:
    camera = replace(TOOL, name="Ống kính", platforms=("camera",), sha256="ab" * 32)
    build_site(tmp_path / "site", CAMPAIGN, [TOOL, camera])
    pages = read_site(tmp_path / "site").pages
    windows, router, android, mac = (
        pages[f"/lam-sach/{one}"].plain.decode()
        for one in ("windows", "router", "android", "macos")
    )
    grouped = " ".join(TOOL.sha256[place : place + 4] for place in range(0, 64, 4))
    assert grouped in windows
    assert 'href="/so-tep"' in windows
    assert "certutil" in windows
    assert "Ống kính" in router
    assert grouped not in router
    # Nothing to compare where no tool is named.
    assert "<details>" not in android.partition("<main")[2] + mac.partition("<main")[2]


def test_the_browser_is_told_what_was_withdrawn_and_until_when_the_list_holds(
    tmp_path: Path,
) -> None:
    told = {"tools": [], "withdrawn": ["ab" * 32], "valid_until": "2022-10-20T00:00:00+07:00"}
    signed = {
        "tools.json": json.dumps(told).encode(),
        "tools.json.sig": b"{}",
        "tools.pub.pem": b"",
    }
    build_site(tmp_path / "site", CAMPAIGN, [TOOL], signed=signed)
    pages = read_site(tmp_path / "site").pages
    (listed,) = (json.loads(pages[path].plain) for path in pages if "/static/tools-" in path)
    assert listed["withdrawn"] == told["withdrawn"]
    assert listed["valid_until"] == told["valid_until"]
    assert [one["name"] for one in listed["tools"]] == [TOOL.name]
