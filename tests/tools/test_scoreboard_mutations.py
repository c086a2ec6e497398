"""Changes of a message that leave what it says as it is, on pairs made up here."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tools.scoreboard.judge import normal_fields
from tools.scoreboard.metamorphic import MUTATIONS, changed_pair, figures, mutants_of
from tools.scoreboard.mutations.case import case_of
from tools.scoreboard.mutations.within import WITHIN
from tools.scoreboard.pairs import Expectation, Pair

WHEN = datetime(2026, 9, 14, 1, 15, 22, tzinfo=UTC)
FORTIGATE = (
    'date=2026-09-14 time=08:15:22 devname="fg1" eventtime=1789348522 tz="+0700" type="traffic" '
    'subtype="forward" srcip=10.20.3.41 srcport=51544 dstip=203.0.113.77 dstport=443 '
    'action="deny" policyname="a long name of a policy for all" hostname="bad.example"'
)
EVE = json.dumps(
    {
        "timestamp": "2026-09-14T08:15:22.000000+0700",
        "event_type": "dns",
        "src_ip": "10.20.3.41",
        "src_port": 51544,
        "dest_ip": "10.20.1.53",
        "dest_port": 53,
        "proto": "UDP",
        "dns": {"type": "query", "rrname": "bad.example", "rrtype": "A"},
    }
)


def pair_of(message: str, **fields: object) -> Pair:
    told = {key.replace("__", "."): value for key, value in fields.items()}
    told |= {"@timestamp": WHEN, "source.ip": "10.20.3.41"}
    expected = (Expectation(normal_fields(told)),)
    return Pair("made", "any", "one", message.encode(), expected, Path(__file__))


FIREWALL = pair_of(FORTIGATE, destination__ip="203.0.113.77", event__verdict="deny")
SENSOR = pair_of(EVE, dns__question__name="bad.example", destination__ip="10.20.1.53")


@pytest.mark.parametrize("pair", [FIREWALL, SENSOR], ids=["pairs", "json"])
def test_what_a_changed_message_says_is_read_as_before(pair: Pair) -> None:
    mutants = list(mutants_of([pair], MUTATIONS))
    assert {one.change for one in mutants} == {"kept"}
    assert len({one.mutation for one in mutants}) >= 28
    assert set(figures(mutants, by_product=True)) == {"made/any"}


def test_each_change_has_a_place_in_one_of_the_two() -> None:
    for name, mutation in MUTATIONS.items():
        changed = [changed_pair(one, mutation, seed=1) for one in (FIREWALL, SENSOR)]
        assert any(changed), name
        for pair, other in zip((FIREWALL, SENSOR), changed, strict=True):
            assert (
                other is None or other.expected[0].fields.keys() == pair.expected[0].fields.keys()
            )


def test_all_days_move_together() -> None:
    moved = changed_pair(FIREWALL, WITHIN["single_digit_day"], 0)
    assert moved is not None
    assert b"date=2026-09-05 time=08:15:22" in moved.message
    assert b"eventtime=1788570922 " in moved.message
    assert moved.expected[0].fields["@timestamp"] == WHEN.replace(day=5)


def test_binary_messages_tables_and_several_events_are_left_alone() -> None:
    two = Pair("made", "any", "two", b"a", FIREWALL.expected * 2, Path(__file__))
    assert case_of(two, 0) is None
    assert case_of(pair_of("\0\1"), 0) is None
    assert case_of(pair_of("a b\nc d"), 0) is None
