"""Made logs are the same each time, whole, and meet their list where it was planted."""

import ipaddress
import json
import re
from dataclasses import replace

import pytest

from bench.lists import Listed, Pools, make_lists, make_pools
from bench.logs import KINDS, ZEEK_COLUMNS, Kind, log_blocks

SIZE = 3_000_000


@pytest.fixture(scope="module")
def listed() -> Listed:
    return make_lists(500, 100)


@pytest.fixture(scope="module")
def pools(listed: Listed) -> Pools:
    return make_pools(listed)


def log(kind: Kind, pools: Pools) -> list[bytes]:
    return b"".join(log_blocks(kind, pools, SIZE)).splitlines()


def test_lists_hold_as_many_different_indicators_as_asked(listed: Listed) -> None:
    assert len(set(listed.names)) == 500
    assert len(set(listed.addresses)) == 100
    assert all(ipaddress.ip_address(one).is_global for one in listed.addresses)
    assert listed.text().count("\n") == 600
    assert make_lists(500, 100) == listed


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_log_is_the_same_each_time_and_as_large_as_asked(kind: Kind, pools: Pools) -> None:
    first = b"".join(log_blocks(kind, pools, SIZE))
    assert first == b"".join(log_blocks(kind, pools, SIZE))
    assert SIZE - 2000 < len(first) <= SIZE
    assert first.endswith(b"\n")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_each_line_has_a_number_of_its_own(kind: Kind, pools: Pools) -> None:
    lines = [line.decode() for line in log(kind, pools) if not line.startswith(b"#")]
    numbers = [re.findall(kind.number, line) for line in lines]
    assert {len(one) for one in numbers} == {1}
    assert len({one[0] for one in numbers}) == len(lines) > 1000


def test_zeek_lines_have_the_columns_of_their_header_and_rise_in_time(pools: Pools) -> None:
    rows = [line.split(b"\t") for line in log(KINDS[0], pools) if not line.startswith(b"#")]
    assert {len(row) for row in rows} == {len(ZEEK_COLUMNS)}
    times = [float(row[0]) for row in rows]
    assert times == sorted(times)


def test_eve_lines_are_json_of_several_kinds(pools: Pools) -> None:
    kinds = {json.loads(line)["event_type"] for line in log(KINDS[1], pools)}
    assert kinds == {"dns", "tls", "http", "flow"}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_log_meets_its_list_now_and_then(kind: Kind, pools: Pools) -> None:
    lines = log(replace(kind, every=50), pools)
    words = {word for line in lines for word in re.findall(r"[\w.-]+", line.decode())}
    assert words & {*pools.bad_hosts, *pools.bad_peers}
    assert words & set(pools.near_hosts)
