"""Documents as they are read: register entries, and bundles without what may not be read."""

import json

from quetsach_portal.reports.documents import queries
from tests.portal.reports import papers
from tests.portal.reports.acting import (
    accepted,
)


def test_the_code_and_where_to_ask_stand_on_each_page_and_a_number_changes_neither(world) -> None:
    version = accepted(world, "TC01A")
    blank = papers.printed(version, world)
    given = papers.numbered(version, world)
    assert (blank.seq, given.seq) == (1, 2)
    for one in (blank, given):
        said = papers.close(papers.text(papers.content(one.pdf)))
        assert version.sha256[:4] in said
        assert "/check" in said
    assert "05/BC-THA" in papers.text(papers.content(given.pdf))
    assert "Nguyễn Thị Mẫu" in papers.text(papers.content(given.pdf))
    assert papers.content(papers.fresh(blank).pdf) == papers.content(blank.pdf)
    assert b"<CodeNumber>05</CodeNumber>" in queries.entry_as(given, "xml")
    assert "PageAmount" in json.dumps(json.loads(queries.entry_as(given, "json")))
