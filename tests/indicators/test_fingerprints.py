"""Fingerprints of TLS: from lists in all spellings, through the sieve, to the right field."""

import json
from pathlib import Path
from typing import Any, cast

import pytest

from quetsach.indicators.fingerprints import fingerprint_key, is_fingerprint_key
from quetsach.indicators.formats.stix_pattern import read_pattern
from quetsach.indicators.lookup import IndicatorLookup
from quetsach.indicators.model import IndicatorSet
from quetsach.indicators.options import ListOptions
from quetsach.indicators.read import read_lists
from quetsach.indicators.sieve_keys import sieve_keys
from quetsach.scanning.matching import match_event
from quetsach.schema import Event
from quetsach.sieve.kernel import RustSieve, rust_available
from quetsach.sieve.twin import PythonSieve
from tests.sweeping.evidence import swept, write

SHA1 = "a1b2c3d4e5f60718293a4b5c6d7e8f9011223344"
COLONS = ":".join(SHA1[n : n + 2] for n in range(0, 40, 2))
SHA256 = "0f" * 32
JA3 = "51c64c77e60f3980eea90869b68c58a8"
JA4 = "t13d1516h2_8daaf6152771_b186095e22b6"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        *((JA4, f"ja4:{JA4}"), (JA4.upper(), f"ja4:{JA4}"), (f"JA4:{JA4}", f"ja4:{JA4}")),
        *((f"ja3:{JA3}", f"ja3:{JA3}"), (f"ja3s:{JA3}", f"ja3s:{JA3}"), (f"ja3:{SHA1}", None)),
        *((f"cert:{COLONS.upper()}", f"cert:{SHA1}"), (f"cert:{SHA256}", f"cert:{SHA256}")),
        *((JA3, None), (SHA1, None), ("cert:", None), ("ja4:x", None), ("bad.example", None)),
    ],
)
def test_a_fingerprint_says_what_it_is_of(text: str, key: str | None) -> None:
    assert fingerprint_key(text) == key
    assert key is None or is_fingerprint_key(key)


def _set(tmp_path: Path) -> IndicatorSet:
    types = {
        "x509-fingerprint-sha1": COLONS.upper(),
        "x509-fingerprint-sha256": SHA256,
        "ja3-fingerprint-md5": JA3,
    }
    attributes = [{"type": kind, "value": one, "to_ids": True} for kind, one in types.items()]
    event = write(
        tmp_path / "e.json", json.dumps({"Event": {"info": "x", "Attribute": attributes}})
    )
    plain = write(tmp_path / "l.txt", f"bad.example\n{JA4}\nja3s:{JA3}\n")
    return read_lists([event, plain], ListOptions())


def test_lists_of_each_form_give_the_same_keys(tmp_path: Path) -> None:
    keys = [one.key for one in _set(tmp_path).indicators]
    assert keys == [
        *("bad.example", f"cert:{SHA256}", f"cert:{SHA1}"),
        *(f"ja3:{JA3}", f"ja3s:{JA3}", f"ja4:{JA4}"),
    ]
    pattern = f"[x509-certificate:hashes.'SHA-1' = '{SHA1}']"
    assert [one.value for one in read_pattern(pattern).values] == [f"cert:{SHA1}"]
    sslbl = f"# Listingdate,SHA1,Listingreason\n2026-09-01 08:00:00,{SHA1},Vidar C2\n"
    found = read_lists([write(tmp_path / "sslbl.csv", sslbl)], ListOptions())
    assert [one.key for one in found.indicators] == [f"cert:{SHA1}"]


@pytest.mark.parametrize(
    ("field", "text", "key"),
    [
        ("tls.server.hash.sha1", SHA1.upper(), f"cert:{SHA1}"),
        ("tls.server.hash.sha256", SHA256, f"cert:{SHA256}"),
        ("tls.client.ja3", JA3, f"ja3:{JA3}"),
        ("tls.server.ja3s", JA3, f"ja3s:{JA3}"),
        ("tls.client.ja4", JA4, f"ja4:{JA4}"),
    ],
)
def test_each_is_met_in_its_own_field_alone(
    tmp_path: Path, field: str, text: str, key: str
) -> None:
    lookup = IndicatorLookup(_set(tmp_path))
    (hit,) = match_event(cast("Event", {field: text}), b"", lookup)
    assert (hit.indicator.key, hit.field, hit.rule) == (key, field, "fingerprint")
    assert match_event(cast("Event", {"file.hash.md5": text}), b"", lookup) == []


def test_both_sieves_let_the_same_lines_through(tmp_path: Path) -> None:
    lines = [
        f'"fingerprint":"{COLONS}"'.encode(),
        f"x {COLONS.upper()}:ff".encode(),
        f"\t{SHA256}\t".encode(),
        f'"ja4":"{JA4}"'.encode(),
        f"a{JA4}".encode(),
        f"{JA4}_1".encode(),
        f"{JA3},".encode(),
        b"nothing _ here",
        f"{JA4}".encode(),
    ]
    keys = sieve_keys(_set(tmp_path))
    block = b"\n".join(lines)
    every = [PythonSieve(keys), *([RustSieve(keys)] if rust_available() else [])]
    for sieve in every:
        found = [block[start:end] for start, end in sieve.scan(block, None, None).candidates]
        assert found == [lines[n] for n in (0, 2, 3, 6, 8)], sieve.name


def _eve(source: str, tls: dict[str, Any]) -> str:
    head = {"timestamp": "2022-09-12T07:00:01.000000+0700", "event_type": "tls"}
    ends = {"src_ip": source, "src_port": 50000, "dest_ip": "198.51.100.9", "dest_port": 443}
    return json.dumps({**head, **ends, "proto": "TCP", "tls": tls}) + "\n"


def test_the_device_behind_a_listed_certificate_is_named(tmp_path: Path) -> None:
    log = write(
        tmp_path / "eve.json",
        _eve("10.0.0.5", {"sni": "x.example", "fingerprint": COLONS, "version": "TLS 1.2"})
        + _eve("10.0.0.6", {"ja3": {"hash": "0" * 32}, "ja4": JA4})
        + _eve("10.0.0.7", {"ja3": {"hash": "1" * 32}}),
    )
    summary = swept(tmp_path, log, listed=f"cert:{COLONS}\n{JA4}\n")
    assert [one["device"] for one in summary["devices"]] == ["10.0.0.5", "10.0.0.6"]
    assert summary["rejects"] == 0
