"""A form of a page is filled as a browser would have left it; nothing else moves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from quetsach_portal.web.form_filling import fill_form

PAGE = """<!doctype html>
<html><body><header>
<form method="post" action="/language"><input name="language"></form></header>
<main id="main">
<form method="get" action="/reports/7/"><input name="note"></form>
<form method="post" id="big">
<input type="hidden" name="csrfmiddlewaretoken" value="moi">
<input type="hidden" name="revision" value="9">
<input type="hidden" name="picked">
<label>Ghi chú <input name="note" maxlength="20" value="cũ &amp; kỹ" required></label>
<textarea name="text" rows="3">
có sẵn &lt;b&gt;</textarea>
<select name="kind"><option value="a" selected>A</option><option value="b">B</option>
<option>c</option></select>
<select name="many" multiple><option value="1" selected>1<option value="2">2
<option value="3">3</select>
<input type="checkbox" name="box" value="x" checked><input type="checkbox" name="box" value="y">
<input type="radio" name="one" value="p" checked><input type="radio" name="one" value="q">
<input type="password" name="pin"><input type="file" name="file">
<input name="off" disabled value="1">
<button name="act" value="save">Lưu</button></form>
<input name="far" form="big"><p>A &amp; B</p></main></body></html>"""

WHERE = ("/reports/7/", "/reports/7/")


def sent(page: str) -> list[tuple[str, str]]:
    """Return what a browser would send of the great form; lxml reads HTML by itself."""
    form = html.fromstring(page).get_element_by_id("big")
    # A browser drops the line break at the beginning of a text area, lxml does not.
    texts = {area.name for area in form.iter("textarea")}
    return [
        (name, value.removeprefix("\n") if name in texts else value)
        for name, value in form.form_values()
    ]


def test_each_kind_of_field_is_filled() -> None:
    fields = [
        ("revision", "3"), ("picked", "17"), ("note", 'mới "&<'), ("text", "\n<dòng> hai\n"),
        ("kind", "c"), ("many", "2"), ("many", "3"), ("box", "y"), ("one", "q"), ("far", "xa"),
        ("off", "2"), ("act", "save"), ("lost", "không còn ô"), ("lost2", ""),
    ]  # fmt: skip
    page = fill_form(PAGE, *WHERE, fields)
    assert sent(page.text) == [
        ("csrfmiddlewaretoken", "moi"), ("revision", "9"), ("picked", "17"), ("note", 'mới "&<'),
        ("text", "\n<dòng> hai\n"), ("kind", "c"), ("many", "2"), ("many", "3"), ("box", "y"),
        ("one", "q"),
    ]  # fmt: skip
    assert '<input name="far" form="big" value="xa">' in page.text
    assert '<input name="off" disabled value="1">' in page.text
    assert page.rest == (("lost", "không còn ô"),)


def test_the_rest_of_the_page_stays_as_it_is() -> None:
    page = fill_form(
        PAGE, *WHERE, [("note", "x"), ("box", "x"), ("one", "p"), ("kind", "a"), ("many", "1")]
    )
    assert page.text.replace(' value="x" required', ' value="cũ &amp; kỹ" required') != PAGE
    for part in ('<input name="language">', '<input name="note"></form>', "<p>A &amp; B</p>"):
        assert part in page.text
    note = page.with_note("<i>!</i>")
    assert '<main id="main"><i>!</i>' in note
    assert len(note) == len(page.text) + len("<i>!</i>")


@pytest.mark.parametrize(
    ("page", "action"),
    [(PAGE, "/reports/8/"), ("", "/a"), ("<main>", "/a"), ("<form method=post>", "/reports/7/")],
)
def test_without_its_form_all_is_left_over(page: str, action: str) -> None:
    filled = fill_form(page, "/reports/7/", action, [("note", "x"), ("empty", "")])
    assert filled.text == page
    assert filled.rest == (("note", "x"),)
    assert filled.with_note("!").count("!") == page.count("!") + 1


def test_of_two_forms_with_one_address_the_one_with_its_fields_is_filled() -> None:
    page = (
        '<main><form method="post"><input name="other"></form>'
        '<form method="post" action="?x=1"><input name="note"></form></main>'
    )
    filled = fill_form(page, "/a/", "/a/", [("note", "hai")])
    assert filled.text.endswith('<input name="note" value="hai"></form></main>')


@given(st.lists(st.tuples(st.sampled_from(["note", "text", "picked"]), st.text()), max_size=5))
def test_no_text_breaks_out_of_its_field(fields: list[tuple[str, str]]) -> None:
    page = fill_form(PAGE, *WHERE, fields)
    plain = html.fromstring(PAGE.encode(), parser=html.HTMLParser(encoding="utf-8"))
    filled = html.fromstring(
        page.text.encode(errors="replace"), parser=html.HTMLParser(encoding="utf-8")
    )
    assert [element.tag for element in filled.iter()] == [element.tag for element in plain.iter()]


@given(st.text(alphabet="<>/=\"' formainputselctoxv&;#\n", max_size=120))
def test_no_page_is_too_odd(page: str) -> None:
    filled = fill_form(page, "/a", "/a", [("a", "1")])
    assert filled.with_note("")[: max(filled.main_end, 0)] == filled.text[: max(filled.main_end, 0)]
