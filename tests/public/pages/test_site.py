"""The pages in memory: sent once, replaced whole."""

from pathlib import Path

from quetsach_public.app import Application
from quetsach_public.pages.building import build_site
from quetsach_public.table_writing import write_table
from tests.public.asking import Ask
from tests.public.made import CAMPAIGN, contents, seen


def test_what_did_not_change_is_not_sent_again_and_head_sends_no_body(ask: Ask) -> None:
    page = ask("/")
    again = ask("/", HTTP_IF_NONE_MATCH=page.headers["ETag"])
    assert (again.status, again.body) == (304, b"")
    head = ask("/", "HEAD")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["Content-Length"] == page.headers["Content-Length"]


def test_new_pages_and_tables_take_over(app: Application, ask: Ask, home: Path) -> None:
    assert "Mirai" not in ask("/kiem-tra").text
    write_table(home / "table.bin", contents(seen("192.0.2.77")))
    assert "Mirai" in ask("/kiem-tra").text
    build_site(home / "site", type(CAMPAIGN)("Tên khác", "Văn phòng", "", ""))
    assert "Tên khác" in ask("/").text
    assert len([one for one in home.iterdir() if one.name.startswith(".site")]) == 1
