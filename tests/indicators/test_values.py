"""One value, in any of the usual spellings, gives exactly its indicator or a reason."""

import ipaddress
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quetsach.indicators import values
from quetsach.indicators.options import ListOptions, RefusalReason
from quetsach.indicators.text.defang import refang
from quetsach.indicators.values import parse_value, with_port

PLAIN = ListOptions()
SENTENCE = "Máy trạm đã kết nối tới {}, đề nghị các đơn vị rà soát và báo cáo trước 15/9/2022."

DEFANGED = [
    ("hxxp://bad[.]example/a", "bad.example/a"),
    ("hxxps[:]//bad.example/a", "bad.example/a"),
    ("hxxps[://]bad[.]example/a", "bad.example/a"),
    ("HXXP://bad.example/a", "bad.example/a"),
    ("h**p://bad.example/a", "bad.example/a"),
    ("fxp://bad[.]example/a", "bad.example/a"),
    ("bad[.]example", "bad.example"),
    ("bad(.)example", "bad.example"),
    ("bad{.}example", "bad.example"),
    ("bad[dot]example", "bad.example"),
    ("bad(dot)example", "bad.example"),
    ("bad[chấm]example", "bad.example"),
    ("bad[.example", "bad.example"),
    ("bad.]example", "bad.example"),
    ("bad\\.example", "bad.example"),
    ("bad．example", "bad.example"),
    ("bad。example", "bad.example"),
    ("b\u00adad.exam\u200bple", "bad.example"),
    ("203.0.113[.]4/24", "203.0.113.0/24"),
    ("203[.]0[.]113[.]77[:]443", "203.0.113.77:443"),
    ("2001[:]db8[:][:]77", "2001:db8::77"),
    ("tài-khoản-giả[.]com", "xn--ti-khon-gi-h4a7452gea.com"),
    ("tài-khoản-giả.com", "xn--ti-khon-gi-h4a7452gea.com"),
]


@pytest.mark.parametrize(("written", "key"), DEFANGED)
def test_defanged_value_in_a_sentence_gives_its_indicator_and_no_other(
    written: str, key: str
) -> None:
    words = SENTENCE.format(written).split(" ")
    found = [value.key for word in words for value in parse_value(word, PLAIN).values]
    assert found == [key]


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("bad [.] example", "bad.example"),
        ("bad (dot) example", "bad.example"),
        ("bad dot example", "bad.example"),
        ("bad chấm example", "bad.example"),
        ("\u00a0bad.example\u00a0", "bad.example"),
        ('"bad.example"', "bad.example"),
        ("`bad[.]example`", "bad.example"),
        ("(bad.example)", "bad.example"),
        ("[www].bad.example", "www.bad.example"),
        ("http: // bad.example/a", "bad.example/a"),
        ("http://bad.example/a_(b)", "bad.example/a_(b)"),
        ("*.bad.example", "bad.example"),
        (".bad.example", "bad.example"),
        ("BAD.Example.", "bad.example"),
        ("_spf.bad.example", "_spf.bad.example"),
        ("203.0.113.7/32", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("[2001:db8::1]:443", "[2001:db8::1]:443"),
        ("2001:db8::1/128", "2001:db8::1"),
        ("2001:db8:1:2::", "2001:db8:1:2::"),
        ("203.0.113.77/255.255.255.0", "203.0.113.0/24"),
        ("203.0.113.7/x", "203.0.113.7/x"),
        ("bad.example/a?b", "bad.example/a?b"),
        ("0CC175B9C0F1B6A831C399E269772661", "0cc175b9c0f1b6a831c399e269772661"),
        ("86F7E437FAA5A7FCE15D1DDCB9EAEAEA377667B8", "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8"),
    ],
)
def test_value_gives_its_canonical_key(written: str, key: str) -> None:
    assert [value.key for value in parse_value(written, PLAIN).values] == [key]


def test_range_gives_networks_that_cover_it() -> None:
    parsed = parse_value("203.0.113.0 - 203.0.113.9", PLAIN)
    assert [value.key for value in parsed.values] == ["203.0.113.0/29", "203.0.113.8/31"]


def test_port_of_a_name_is_shown_but_not_part_of_its_key() -> None:
    (value,) = parse_value("bad[.]example:8443", PLAIN).values
    assert (value.key, value.shown, value.port) == ("bad.example", "bad.example:8443", 8443)


def test_port_column_narrows_an_address_only() -> None:
    (address,) = parse_value("2001:db8::1", PLAIN).values
    (name,) = parse_value("bad.example", PLAIN).values
    assert with_port(address, 443).key == "[2001:db8::1]:443"
    assert with_port(name, 443) == name


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("10.20.3.41", RefusalReason.PRIVATE),
        ("http://192.168.1.1/a", RefusalReason.PRIVATE),
        ("172.0.0.0/8", RefusalReason.PRIVATE),
        ("100.64.0.1:443", RefusalReason.PRIVATE),
        ("fd00::1", RefusalReason.PRIVATE),
        ("127.0.0.1", RefusalReason.PRIVATE),
        ("224.0.0.1", RefusalReason.RESERVED),
        ("0.0.0.0", RefusalReason.RESERVED),
        ("255.255.255.255", RefusalReason.RESERVED),
        ("0.0.0.0/0", RefusalReason.TOO_WIDE),
        ("8.0.0.0/7", RefusalReason.TOO_WIDE),
        ("2600::/12", RefusalReason.TOO_WIDE),
        ("2001::/16", RefusalReason.TOO_WIDE),
        ("com.vn", RefusalReason.PUBLIC_SUFFIX),
        ("*.gov.vn", RefusalReason.PUBLIC_SUFFIX),
        (".vn", RefusalReason.PUBLIC_SUFFIX),
        ("duckdns.org", RefusalReason.PUBLIC_SUFFIX),
        ("", RefusalReason.EMPTY),
        ("\u200b ", RefusalReason.EMPTY),
        ("203.0.113.5/33", RefusalReason.UNPARSABLE),
        ("203.0.113.005", RefusalReason.UNPARSABLE),
        ("203.0.113.5:99999", RefusalReason.UNPARSABLE),
        ("Data", RefusalReason.UNPARSABLE),
        ("see the annex", RefusalReason.UNPARSABLE),
        ("who@bad.example", RefusalReason.MAIL_ADDRESS),
        ("conn.log", RefusalReason.UNPARSABLE),
        ("LSASS.yaml", RefusalReason.UNPARSABLE),
        ("loader.exe", RefusalReason.UNPARSABLE),
        ("v1.2.3", RefusalReason.UNPARSABLE),
        ("15/9/2022", RefusalReason.UNPARSABLE),
        ("C:\\Windows\\a.dll", RefusalReason.UNPARSABLE),
        ("/etc/passwd", RefusalReason.UNPARSABLE),
        ("a" * 5000 + ".com", RefusalReason.UNPARSABLE),
    ],
)
def test_what_is_no_indicator_is_refused_with_its_reason(
    written: str, reason: RefusalReason
) -> None:
    assert parse_value(written, PLAIN) == ((), reason)


def test_private_range_is_taken_when_it_is_meant_though_it_is_the_own_range() -> None:
    own = (ipaddress.ip_network("10.0.0.0/8"), ipaddress.ip_network("198.51.100.0/28"))
    options = ListOptions(accept_private=True, own=own)
    assert parse_value("10.0.5.13", options).values[0].key == "10.0.5.13"
    assert parse_value("224.0.0.251", options).values[0].key == "224.0.0.251"
    assert parse_value("198.51.100.5", options).reason is RefusalReason.OWN_RANGE
    assert parse_value("0.0.0.0", options).reason is RefusalReason.RESERVED


@given(st.text(max_size=300))
def test_any_text_gives_an_indicator_or_a_reason(text: str) -> None:
    parsed = parse_value(text, PLAIN)
    assert bool(parsed.values) != (parsed.reason is not None)


@given(st.sampled_from(DEFANGED), st.text(alphabet="[](){}.:/ \u200b", max_size=4), st.integers(0))
def test_damaged_spelling_never_raises(pair: tuple[str, str], noise: str, place: int) -> None:
    written = pair[0]
    cut = place % (len(written) + 1)
    parse_value(written[:cut] + noise + written[cut:], PLAIN)


@given(st.from_regex(r"[a-z0-9_-]{1,12}(\.[a-z0-9-]{1,12}){1,3}", fullmatch=True))
def test_short_way_for_plain_names_gives_the_answer_of_the_long_way(name: str) -> None:
    assert parse_value(name, PLAIN) == parse_value(f'"{name}"', PLAIN)


_WORDS = st.sampled_from(
    [
        *("http", "https", "hxxp", "HTTP", "ftp", "://", ":/", ":///", "www", "bad", "example"),
        *("com", "vn", "exe", "co", "github", "io", "xn--", "rpz-ip", "dot", "10", "8", "203", "0"),
        *("113", "1.2.3.4", "08", ".", "..", "/", "//", "?", "=", "&", "#", "@", "%", "~", "+"),
        *("-", "_", ":", ":80", ":443", ":8080", ":0", ":70000", ":080", " ", "[", "]", "(", ")"),
        *(",", ";", "*", "|", "A", "é", "a" * 64, "b." * 120),
    ]
)


@settings(max_examples=400)
@given(st.lists(_WORDS, min_size=2, max_size=9).map("".join), st.booleans())
def test_short_way_for_plain_web_addresses_gives_the_answer_of_the_long_way(
    rest: str, plain: bool
) -> None:
    text = f"http://{rest}" if plain else rest
    short = parse_value(text, ListOptions())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(values, "_plain_url", lambda _text, _options: None)
        assert parse_value(text, ListOptions()) == short


@pytest.mark.parametrize("piece", ["[", "[.", "(dot)", "h", " dot a", "\\.", "[.]", "://", "a-"])
def test_hostile_row_costs_no_more_than_its_length(piece: str) -> None:
    begun = time.process_time()
    parse_value((piece * 4096)[:4096], PLAIN)
    # More than a square of its length takes minutes; a busy machine takes no second.
    assert time.process_time() - begun < 10


def test_refang_leaves_a_plain_value_alone() -> None:
    for value in ("bad.example", "203.0.113.7:443", "http://bad.example/a?b=(c)"):
        assert refang(value) == value


@pytest.mark.parametrize("ending", ["rpz-ip", "rpz-client-ip", "rpz-nsdname", "rpz-tcp-only"])
def test_an_order_to_a_policy_zone_is_no_name(ending: str) -> None:
    assert parse_value(f"32.7.113.0.203.{ending}", ListOptions()).reason is RefusalReason.UNPARSABLE


def test_a_mail_address_is_refused_as_one() -> None:
    for text in ("attt@so.example", "Lan <lan@so.example>", "info[@]so[.]example"):
        assert parse_value(text, ListOptions()).values == ()
    assert parse_value("info[@]so[.]example", ListOptions()).reason is RefusalReason.MAIL_ADDRESS
    assert parse_value("http://a@bad.example/", ListOptions()).reason is None
