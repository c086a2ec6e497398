"""One record of a feed: which fields are indicators, and which only look like one."""

from datetime import UTC

import pytest

from quetsach.indicators.formats.contract import ListRow
from quetsach.indicators.formats.records import field_name, record_of, record_rows
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
        ("a" * 40, "other-kind")
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
