"""Lines cut into tokens, whole ones, odd ones and those that break off."""

import pytest

from quetsach.formats.dialects import tokens


@pytest.mark.parametrize(
    ("text", "assign", "separator", "cut"),
    [
        ("a=1 b=2", "=", " ", {"a": "1", "b": "2"}),
        ("a=\"x y\" b='z w' c=", "=", " ", {"a": "x y", "b": "z w", "c": ""}),
        ('a="q \\"in\\" it" b=2', "=", " ", {"a": 'q "in" it', "b": "2"}),
        ("a=1 a=2", "=", " ", {"a": "1"}),
        ("a=1;b=x y;c=3", "=", ";", {"a": "1", "b": "x", "c": "3"}),
        ("a=1,b=2", "=", ",", {"a": "1", "b": "2"}),
        ('[f:0; src:"10.20.3.41"; dst:"203.0.113.77"]', ":", ";", {"src": "10.20.3.41"}),
        ('a::"x: y"; b:"1"', ":", ";", {"a": "x: y", "b": "1", "x": None}),
        ("src=10.20.3.41:51544:X0 n=5", "=", " ", {"src": "10.20.3.41:51544:X0", "n": "5"}),
        ('a="cut off', "=", " ", {"a": ""}),
        ("", "=", " ", {}),
    ],
)
def test_pairs(text: str, assign: str, separator: str, cut: dict[str, str | None]) -> None:
    got = tokens.pairs(text, assign, separator)
    assert {key: got.get(key) for key in cut} == cut


def test_pairs_of_a_hostile_line_are_few_and_quick() -> None:
    assert len(tokens.pairs("a=" * 30_000)) <= tokens.MOST_TOKENS
    assert len(tokens.pairs(" ".join(f"k{n}=1" for n in range(5000)))) == tokens.MOST_TOKENS


def test_cef_keeps_blanks_and_undoes_escapes() -> None:
    cut = tokens.cef(
        "<1>h CEF:0|Acme|Wall \\| One|1|7|a name|3|src=10.20.3.41 msg=two words\\=x cs1Label=Rule "
        "Name cs1=Block all spt=5"
    )
    assert cut["cef.product"] == "Wall | One"
    assert cut["src"] == "10.20.3.41"
    assert cut["msg"] == "two words=x"
    assert cut["Rule Name"] == "Block all"
    assert cut["spt"] == "5"


@pytest.mark.parametrize(
    "head", ["CEF:0|Acme|Wall|1|7|x|3|", "0|Acme|Wall|1|7|x|3|", "CEF: 0||Acme|Wall|1|7|x|3|"]
)
def test_cef_without_its_mark_or_with_an_empty_field_too_many(head: str) -> None:
    cut = tokens.cef(f'{head}act=Drop src=10.20.3.41 rule="two words" note=a|b')
    assert (cut["cef.vendor"], cut["cef.product"], cut["act"]) == ("Acme", "Wall", "Drop")
    assert (cut["rule"], cut["note"]) == ("two words", "a|b")


@pytest.mark.parametrize("text", ["", "CEF:0|a|b", "CEF", "no", "CEF:0|a|b|c|d|e"])
def test_what_is_no_cef_has_no_tokens(text: str) -> None:
    assert tokens.cef(text) == {}


@pytest.mark.parametrize(
    "text",
    [
        "LEEF:1.0|Acme|Wall|1|7|src=10.20.3.41\tusr=a b\tdstPort=443",
        "LEEF:2.0|Acme|Wall|1|7|^|src=10.20.3.41^usr=a b^dstPort=443",
        "LEEF:2.0|Acme|Wall|1|7|x5E|src=10.20.3.41^usr=a b^dstPort=443",
        "LEEF:2.0|Acme|Wall|1|7|0x09|src=10.20.3.41\tusr=a b\tdstPort=443",
        "LEEF:2.0|Acme|Wall|1|7||src=10.20.3.41\tusr=a b\tdstPort=443",
        "LEEF:2.0|Acme|Wall|1|7|src=10.20.3.41\tusr=a b\tdstPort=443",
        "1.0|Acme|Wall|1|7|src=10.20.3.41#011usr=a b#011dstPort=443",
        "LEEF:1.0|Acme|Wall|1|7|src=10.20.3.41|usr=a b|dstPort=443",
        "x LEEF:1.0|Acme|Wall|1|7|src=10.20.3.41 usr=a b dstPort=443",
    ],
)
def test_leef_in_each_of_its_delimiters(text: str) -> None:
    cut = tokens.leef(text)
    assert (cut["leef.product"], cut["src"], cut["usr"], cut["dstPort"]) == (
        *("Wall", "10.20.3.41", "a b", "443"),
    )


@pytest.mark.parametrize(
    ("form", "written", "read"),
    [
        ("dd/MM/yyyy HH:mm:ss", "01/09/2026 08:15:22", "2026-09-01 08:15:22"),
        ("MM-dd-yyyy HH:mm:ss", "9-1-2026 08:15:22", "2026-09-01 08:15:22"),
        ("MMM dd yyyy", "Sep 01 2026", "Sep 01 2026"),
        ("dd/MM/yyyy", "today", "today"),
    ],
)
def test_leef_says_in_which_order_its_day_stands(form: str, written: str, read: str) -> None:
    cut = tokens.leef(f"LEEF:1.0|Acme|Wall|1|7|devTimeFormat={form}\tdevTime={written}")
    assert cut["devTime"] == read


def test_columns_have_names_and_numbers() -> None:
    assert tokens.columns('a,"b,c",d', ",", ("x", "y")) == {
        "0": "a", "1": "b,c", "2": "d", "x": "a", "y": "b,c",
    }  # fmt: skip
    assert tokens.split_row("a   b c", " ") == ["a", "b", "c"]
    assert tokens.split_row('a "b c" d', " ") == ["a", "b c", "d"]


def test_a_document_gives_values_and_no_objects() -> None:
    cut = tokens.DocumentTokens({"a": {"b": [1, 2]}, "c": None, "d.e": "x"})
    assert (cut["a.b"], cut["a.b.1"], cut["d.e"]) == ([1, 2], 2, "x")
    assert "a" not in cut
    assert "c" not in cut
    assert len(cut) == 3
