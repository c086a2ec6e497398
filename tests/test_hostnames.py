"""Host names have one form; public suffixes are known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from publicsuffixlist import PublicSuffixList

from quetsach import hostnames
from quetsach.hostnames import display_name, name_from_log, parse_name, suffix_section


@pytest.mark.parametrize(
    ("written", "ascii_form", "shown"),
    [
        ("Bad.Example.", "bad.example", "bad.example"),
        ("tài-khoản-giả.com", "xn--ti-khon-gi-h4a7452gea.com", "tài-khoản-giả.com"),
        ("TÀI-KHOẢN-GIẢ.COM", "xn--ti-khon-gi-h4a7452gea.com", "tài-khoản-giả.com"),
        # The same letters with loose tone marks, as macOS and old code pages write them.
        (
            "ta\u0300i-khoa\u0309n-gia\u0309.com",
            "xn--ti-khon-gi-h4a7452gea.com",
            "tài-khoản-giả.com",
        ),
        ("xn--ti-khon-gi-h4a7452gea.com", "xn--ti-khon-gi-h4a7452gea.com", "tài-khoản-giả.com"),
        ("faß.example", "xn--fa-hia.example", "faß.example"),
        ("_dmarc.bad.example", "_dmarc.bad.example", "_dmarc.bad.example"),
        ("bad\u3002example", "bad.example", "bad.example"),
        ("bad\uff0eexample", "bad.example", "bad.example"),
    ],
)
def test_name_has_one_form_and_one_that_people_read(
    written: str, ascii_form: str, shown: str
) -> None:
    name = parse_name(written)
    assert name is not None
    assert (name.ascii, name.shown) == (ascii_form, shown)


def test_name_that_idna_2008_forbids_is_kept_with_a_flag() -> None:
    name = parse_name("i❤.example")
    assert name is not None
    assert (name.ascii, name.strict) == ("xn--i-7iq.example", False)
    plain = parse_name("bad.example")
    assert plain is not None
    assert plain.strict


@pytest.mark.parametrize(
    "written",
    ["", ".", "a..b", "a b.com", "a" * 64 + ".com", "1.2.3", "bad.example:80", "a/b.com"],
)
def test_what_is_no_name_is_none(written: str) -> None:
    assert parse_name(written) is None


@pytest.mark.parametrize(
    "written",
    [".".join(["abcdefgh"] * 30), "bad\x00.example", "x" * 100_000, "à" * 64 + ".com"],
)
def test_what_is_too_long_or_hidden_is_no_name(written: str) -> None:
    assert parse_name(written) is None


@given(st.text(max_size=300))
def test_a_seen_name_never_fails_and_has_one_form(text: str) -> None:
    name = parse_name(text)
    seen = name_from_log(text)
    assert name is None or name.ascii == seen


@given(st.from_regex(r"xn--[a-z0-9-]{1,20}", fullmatch=True))
def test_a_shown_name_leads_back_to_its_label_or_is_the_label(label: str) -> None:
    shown = display_name(f"{label}.example")
    name = parse_name(shown)
    assert shown == f"{label}.example" or (name is not None and name.ascii == f"{label}.example")


@pytest.mark.parametrize(
    ("name", "section"),
    [
        ("com.vn", "icann"),
        ("vn", "icann"),
        ("gov.vn", "icann"),
        ("duckdns.org", "private"),
        ("blogspot.com", "private"),
        ("bad.com.vn", ""),
        ("ec2-203-0-113-7.compute-1.amazonaws.com", ""),
        ("at.ply.gg", "private"),
        ("bad.at.ply.gg", ""),
        ("bad.duckdns.org", ""),
        ("bad.example", ""),
    ],
)
def test_public_suffix_is_known_with_its_section(name: str, section: str) -> None:
    assert suffix_section(name) == section


def test_the_quick_look_lets_no_suffix_fall() -> None:
    rules = [rule.lstrip("!") for rule in hostnames.suffix_rules() if rule and rule.isascii()]
    names = {name for rule in rules for name in (rule.replace("*", "x"), rule.replace("*.", ""))}
    suffixes = PublicSuffixList(accept_unknown=False)
    fallen = {name for name in names if suffixes.publicsuffix(name) == name} - {
        name for name in names if hostnames._may_be_suffix(name)
    }
    assert len(names) > 5000
    assert fallen == set()
