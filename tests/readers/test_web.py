"""Web pages: what a browser shows, rows as rows, link targets, in any coding."""

import pytest

from quetsach.readers.contract import ReadLimits
from quetsach.readers.web import WebPageReader
from tests.readers.samples import codes, read, rows, texts


def page(body: str, head: str = "") -> bytes:
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>".encode()


def test_paragraphs_and_breaks_are_lines_and_blanks_are_one() -> None:
    paper = read(WebPageReader(), page("<p>Kính  \n gửi:</p>a<br>b<div>c<b>d</b></div>e"), "x.html")
    assert texts(paper) == ["Kính gửi:", "a", "b", "cd", "e"]


def test_scripts_styles_and_comments_are_left_out() -> None:
    body = "<script>evil.example</script><style>s.example</style><!-- c.example --><p>chữ</p>"
    assert texts(read(WebPageReader(), page(body), "x.html")) == ["chữ"]


def test_rows_are_rows_even_where_tags_are_left_out() -> None:
    body = "<table><tr><th>STT<th>IP<tr><td>1<td>203.0.113.7<br>203.0.113.8</table><p>hết"
    paper = read(WebPageReader(), page(body), "x.html")
    assert rows(paper) == [("STT", "IP"), ("1", "203.0.113.7\n203.0.113.8")]
    assert [(b.place.table, b.place.row) for b in paper.blocks[:2]] == [(1, 1), (1, 2)]
    assert texts(paper) == ["hết"]


def test_a_table_in_a_cell_is_its_own_and_the_row_around_it_stays_whole() -> None:
    body = "<table><tr><td>a<table><tr><td>trong</table>b<td>c</table>"
    assert rows(read(WebPageReader(), page(body), "x.html")) == [("trong",), ("a\nb", "c")]


def test_link_targets_stay_with_their_line() -> None:
    body = "<p>xem <a href=' https://host.example/?a=1&amp;b=2 '>đây</a></p><p>khác</p>"
    paper = read(WebPageReader(), page(body), "x.html")
    assert [b.links for b in paper.blocks] == [("https://host.example/?a=1&b=2",), ()]


@pytest.mark.parametrize(
    ("coding", "head"),
    [
        ("utf-8", ""),
        ("utf-16", ""),
        ("cp1258", "<meta charset='windows-1258'>"),
        ("utf-8", "<meta http-equiv='Content-Type' content='text/html; charset=UTF-8'>"),
    ],
)
def test_the_coding_is_the_declared_or_the_marked_one(coding: str, head: str) -> None:
    text = page("<p>Đơn vị chủ quản</p>", head).decode()
    # Windows-1258 has loose tone marks.
    raw = text.replace("ị", "i\u0323").replace("ủ", "u\u0309").replace("ả", "a\u0309")
    paper = read(WebPageReader(), (raw if coding == "cp1258" else text).encode(coding), "x.html")
    assert texts(paper) == ["Đơn vị chủ quản"]


def test_old_font_coding_of_a_page_is_turned_and_named() -> None:
    body = "<p>C¸c ®¬n vÞ trong tØnh thùc hiÖn viÖc b¸o c¸o kÕt qu¶ cña huyÖn bad.example</p>"
    paper = read(WebPageReader(), page(body), "x.html")
    assert texts(paper) == [
        "Các đơn vị trong tỉnh thực hiện việc báo cáo kết quả của huyện bad.example"
    ]
    assert codes(paper) == ["E419"]


def test_nesting_without_end_costs_nothing_and_loses_nothing() -> None:
    deep = "<div>" * 200_000 + "sâu 203.0.113.7" + "<table><tr><td>" * 2_000 + "đáy"
    paper = read(WebPageReader(), page(deep), "x.html", ReadLimits(seconds=60))
    assert any("203.0.113.7" in b.text for b in paper.blocks)
    assert any("đáy" in b.text for b in paper.blocks)


def test_entities_of_a_page_are_not_put_in() -> None:
    raw = b'<!DOCTYPE html [<!ENTITY f SYSTEM "file:///etc/passwd">]><html><p>x&f;y</p></html>'
    paper = read(WebPageReader(), raw, "x.html")
    assert not any("root:" in b.text for b in paper.blocks)
    assert any("y" in b.text for b in paper.blocks)


def test_a_page_beyond_its_time_is_cut_and_named() -> None:
    paper = read(WebPageReader(), page("<p>a" * 3_000_000), "x.html", ReadLimits(seconds=0.5))
    assert codes(paper) == ["E413"]
    assert 0 < len(paper.blocks) < 3_000_000


def test_a_letter_that_mentions_a_tag_is_no_page() -> None:
    assert not WebPageReader().knows("Kính gửi: <html>".encode(), "x.txt")
    assert WebPageReader().knows(b"\xef\xbb\xbf<!-- x -->\n<HTML>", "x")
