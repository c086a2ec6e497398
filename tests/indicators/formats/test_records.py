"""One record of a feed: which fields are indicators, and which only look like one."""

from datetime import UTC

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quetsach.indicators.formats.contract import ListFile, ListRow
from quetsach.indicators.formats.records import (
    as_flag,
    as_percent,
    as_text,
    as_texts,
    damage,
    excerpt,
    field_name,
    instant_us,
    items,
    json_buffer,
    record_of,
    record_rows,
)
from quetsach.indicators.model import IndicatorClass, Tlp


def _rows(**fields: str) -> list[ListRow]:
    return list(record_rows(1, "x", fields, UTC))


def _values(**fields: str) -> list[tuple[str, str | None]]:
    return [(row.value, row.refused) for row in _rows(**fields)]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("SHA-256", "sha_256"),
        (" DstIP ", "dstip"),
        ("malware.name", "malware_name"),
        ("c&c", "c&c"),
    ],
)
def test_names_of_fields_are_brought_to_one_form(written: str, name: str) -> None:
    assert field_name(written) == name


def test_cells_that_say_nothing_are_left_out() -> None:
    names = ["a", "b", "c", "d"]
    assert record_of(names, ["x", "n/a", " None ", "-", "more"]) == {"a": "x"}


def test_every_hash_of_a_file_is_its_own_value() -> None:
    assert _values(sha256_hash="A", md5_hash="b", sha1_hash="c", imphash="d") == [
        ("A", None), ("c", None), ("b", None),
    ]  # fmt: skip


def test_what_stands_beside_a_web_address_is_context() -> None:
    assert _values(url="http://bad.example/a", ip="203.0.113.7", domain="bad.example") == [
        ("http://bad.example/a", None),
        ("203.0.113.7", "context"),
        ("bad.example", "context"),
    ]
    assert _values(url="http://bad.example/a", host="bad.example") == [
        ("http://bad.example/a", None)
    ]


def test_the_name_of_a_controllers_provider_is_no_indicator() -> None:
    rows = _rows(ip_address="203.0.113.7", port="443", hostname="vm7.provider.example",
                 malware="Emotet", last_online="2022-09-12")  # fmt: skip
    assert [(row.value, row.port, row.claim.of_class) for row in rows] == [
        ("203.0.113.7", 443, IndicatorClass.C2)
    ]


@pytest.mark.parametrize("kind", ["email", "sha3_384_hash", "filename", "ja3_fp", "btc_address"])
def test_kinds_of_others_are_told(kind: str) -> None:
    assert _values(ioc="bad.example", ioc_type=kind) == [("bad.example", "other-kind")]


def test_certificates_and_providers_are_told() -> None:
    assert _values(listingdate="x", sha1="a" * 40, listingreason="C&C") == [
        (f"cert:{'a' * 40}", None)
    ]
    assert _values(asn="64496", asname="EXAMPLE", domain="provider.example") == [
        ("provider.example", "other-kind")
    ]


def test_what_the_record_says_is_kept() -> None:
    (row,) = _rows(ioc_value="203.0.113.7:443", ioc_type="ip:port", threat_type="botnet_cc",
                   malware_printable="Cobalt Strike", confidence_level="75", tlp="TLP:AMBER",
                   valid_until="2022-09-12", tags="c2", is_compromised="True")  # fmt: skip
    claim = row.claim
    assert (claim.of_class, claim.family, claim.confidence, claim.tlp) == (
        IndicatorClass.C2, "Cobalt Strike", 75, Tlp.AMBER,
    )  # fmt: skip
    assert claim.label == "compromised site; botnet_cc; c2"
    assert claim.valid_until_us == 1_663_027_199_999_999


def test_a_record_without_a_value_is_refused() -> None:
    assert _values(country="VN", note="x") == [("x", "unparsable")]


def test_contacts_that_a_sandbox_found_clean_are_context() -> None:
    assert _values(ipv4="203.0.113.7", reputation="0", severity="-1") == [
        ("203.0.113.7", "context")
    ]


@pytest.mark.parametrize(
    ("text", "us"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01T07:00:00+07:00", 0),
        ("1970-01-01T00:00:00.000001Z", 1),
        ("1970-01-01T00:00:00.0000019Z", 1),
        ("1969-12-31T23:59:59.999Z", -1000),
        ("2022-09-12", None),
        ("yesterday", None),
        ("2022-13-40T00:00:00Z", None),
        (1662940800, None),
        (None, None),
    ],
)
def test_a_moment_is_read_to_the_microsecond(text: object, us: int | None) -> None:
    assert instant_us(text) == us


def test_a_flag_may_be_written_in_any_way() -> None:
    assert all(map(as_flag, (True, 1, "1", "true", " True")))
    assert not any(map(as_flag, (False, 0, 2, "0", "false", "", None, [1], {"a": 1})))


def test_a_percentage_is_a_whole_number_within_its_bounds() -> None:
    assert [as_percent(one) for one in (0, 100, 55)] == [0, 100, 55]
    assert {as_percent(one) for one in (-1, 101, 5.5, True, "50", None)} == {None}


def test_values_of_other_types_say_nothing() -> None:
    assert as_text(["a"]) == ""
    assert as_texts(["a", 1, None, "b"]) == ["a", "b"]
    assert as_texts("abc") == []


def test_items_are_those_of_a_list_only() -> None:
    assert [bytes(one) for one in items(b'[1, {"a": 2}]') or []] == [b"1", b'{"a": 2}']
    assert items(b'{"a": 1}') is None
    assert items(b"") is None
    assert items(b"[1,") is None
    assert damage(b"[1,") != ""
    assert damage(b"[1]") == ""
    assert excerpt(msgspec.Raw('"' + "độc" * 400 + '"'), 10) == '"độcđộcđộc'


def test_text_that_is_no_json_is_told_by_its_first_sign() -> None:
    for raw in (b"", b"bad.example", b"<ioc>", b"\xff\xfeb\0a\0", b"\x00\x01", b"PK\x03\x04{"):
        assert json_buffer(ListFile("x", "", raw)) is None
    cp1258 = '{"a": "\u0111"}'.encode("cp1258")
    found = json_buffer(ListFile("x", "", cp1258))
    assert found is not None
    assert bytes(found).decode() == '{"a": "\u0111"}'


@given(st.binary() | st.binary().map(lambda raw: b"{" + raw))
def test_no_bytes_are_too_odd(raw: bytes) -> None:
    found = json_buffer(ListFile("x", "", raw))
    if found is not None:
        assert bytes(found)[:256].lstrip()[:1] in (b"{", b"[")


def test_an_array_of_more_items_than_fit_in_memory_is_none() -> None:
    assert items(b"[" + b"0," * 15_000_001 + b"0]") is None
    assert len(items(b"[0,0]") or ()) == 2
