"""A job can be sent to another process and gives the same tools there."""

import pickle
from collections.abc import Callable

import pytest

from quetsach.errors.exceptions import QuetsachError
from quetsach.scanning.job import (
    ReadOptions,
    ScanJob,
    inside_networks,
    moment_us,
    network_of,
    prepare,
    zone_of,
)
from quetsach.sieve.address_sets import unpacked
from tests.scanning.generated import indicators

LINES = b"10.0.0.5 www.bad.example\n10.0.0.5 good.example\n192.0.2.9 203.0.113.77"


def test_a_job_survives_the_way_to_another_process() -> None:
    job = ScanJob(indicators(), ReadOptions(inside=("192.0.2.0/24",), since_us=5))
    copy = pickle.loads(pickle.dumps(job))
    assert copy == job
    scans = [prepare(one).sieve.scan(LINES, None, None) for one in (job, copy)]
    assert scans[0] == scans[1]
    assert len(scans[0].candidates) == 2


def test_inside_is_what_the_options_say() -> None:
    private = {str(one) for one in inside_networks(ReadOptions())}
    assert {"10.0.0.0/8", "192.168.0.0/16", "fc00::/7"} <= private
    tools = prepare(ScanJob(indicators(), ReadOptions(inside=("192.0.2.0/24",))))
    assert [str(one) for one in tools.inside] == ["192.0.2.0/24"]
    (hour,) = tools.sieve.scan(LINES, None, None).hours
    assert len(unpacked(hour.alive)) == 1


@pytest.mark.parametrize(
    ("text", "us"),
    [
        (None, None),
        ("2022-09-12T00:00+07:00", 1_662_915_600_000_000),
        ("2022-09-12T00:00", 1_662_915_600_000_000),
        ("2022-09-12", 1_662_915_600_000_000),
    ],
)
def test_a_time_without_an_offset_is_meant_in_the_zone(text: str | None, us: int | None) -> None:
    assert moment_us("--since", text, "Asia/Ho_Chi_Minh") == us


@pytest.mark.parametrize(
    ("read", "option"),
    [
        (lambda: zone_of("Asia/Nowhere"), "--zone"),
        (lambda: zone_of("Etc/GMT+7"), "--zone"),
        (lambda: network_of("10.0.0.0/40"), "--inside"),
        (lambda: network_of("x", "--public"), "--public"),
        (lambda: moment_us("--until", "yesterday", "UTC"), "--until"),
    ],
)
def test_a_wrong_value_names_its_option(read: Callable[[], object], option: str) -> None:
    with pytest.raises(QuetsachError) as raised:
        read()
    assert (raised.value.problem.code, raised.value.problem.where) == ("E601", option)
