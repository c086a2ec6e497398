"""The keys of columns are those of the same indicators one by one."""

from ipaddress import ip_network

import pytest

from quetsach.indicators.column_building import build_columns
from quetsach.indicators.column_details import add_details
from quetsach.indicators.indicator_set import IndicatorTable
from quetsach.indicators.lookup import IndicatorLookup
from quetsach.indicators.model import Claim, IndicatorKind, IndicatorSet, IndicatorStatus
from quetsach.indicators.sieve_keys import sieve_keys
from quetsach.sieve.contract import SieveKeys
from tests.indicators.columns import bulk, some_indicators

INSIDE = (ip_network("10.0.0.0/8"),)


def _tables() -> list[IndicatorTable]:
    mixed = IndicatorTable(columns=add_details(build_columns([bulk()]), some_indicators()))
    beside = IndicatorTable(some_indicators(), build_columns([bulk()]))
    (name,) = (one for one in beside if one.key == "b.example")
    (address,) = (one for one in beside if one.key == "203.0.113.7")
    taken_back = type(name)(
        *(name.key, name.shown, name.kind, name.rule),
        claim=Claim(status=IndicatorStatus.WITHDRAWN),
    )
    return [mixed, beside, mixed.changed([taken_back], [address])]


def _as_sets(keys: SieveKeys) -> list[object]:
    numbers = (keys.addresses, keys.networks, keys.addresses6, keys.networks6)
    return [*map(sorted, numbers), set(keys.names), set(keys.hashes), set(keys.prints), keys.inside]


@pytest.mark.parametrize("number", range(3))
def test_columns_have_the_keys_of_their_indicators(number: int) -> None:
    table = _tables()[number]
    told = sieve_keys(IndicatorSet(table), INSIDE, [b"dns.example"])
    plain = sieve_keys(IndicatorSet(tuple(table)), INSIDE, [b"dns.example"])
    assert _as_sets(told) == _as_sets(plain)
    assert told.any_unicode_name == plain.any_unicode_name
    assert b"dns.example" in told.names


@pytest.mark.parametrize("number", range(3))
def test_columns_are_met_as_their_indicators_are(number: int) -> None:
    table = _tables()[number]
    told, plain = (IndicatorLookup(IndicatorSet(of)) for of in (table, tuple(table)))
    for name in ("x.a.example", "b.example", "x.b-a.example", "b-a.example", "xn--bd-fka.example"):
        assert told.by_name(name) == plain.by_name(name)
    for address in ("203.0.113.7", "203.0.113.9", "2001:db8::1", "198.51.100.3"):
        for port in (None, 8080, 80):
            assert told.by_address(address, port) == plain.by_address(address, port)
    for url in ("http://c2.example/gate/x", "c2.example/gates", "http://c2.example/"):
        assert told.by_url(url) == plain.by_url(url)
        assert told.lists_site(url) == plain.lists_site(url)
    assert told.by_hash("0" * 32) == plain.by_hash("0" * 32)
    assert told.by_fingerprint("ja3", "0" * 32) == plain.by_fingerprint("ja3", "0" * 32)
    assert told.has_fingerprints
    assert told.label("b.example") == plain.label("b.example")
    assert table.has_any(IndicatorKind.URL)
