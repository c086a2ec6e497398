"""An event meets its indicators in the best field, with the right grade, and says why."""

import time
from pathlib import Path
from typing import cast

import pytest

from quetsach.indicators.lookup import IndicatorLookup
from quetsach.indicators.model import Claim, Indicator, IndicatorKind, IndicatorSet, MatchRule
from quetsach.scanning.grades import SightingGrade
from quetsach.scanning.matching import Direction, match_event
from quetsach.schema import Event
from tests.scanning.matches import lookup_of, only_match


def test_source_that_is_listed_reached_in() -> None:
    event = {"source.ip": "203.0.113.7", "destination.ip": "10.20.3.41"}
    hit = only_match(event, lookup_of("203.0.113.7"))
    assert (hit.field, hit.direction) == ("source.ip", Direction.INBOUND)


def test_nobody_says_which_way_a_line_of_unknown_form_went() -> None:
    event: dict[str, object] = {"event.dataset": "text"}
    (hit,) = match_event(
        cast("Event", event), b"203.0.113.7 -> 10.20.3.41", lookup_of("203.0.113.7")
    )
    assert (hit.field, hit.grade, hit.direction) == (
        "event.original",
        SightingGrade.MENTIONED,
        None,
    )


def test_port_must_be_the_listed_one() -> None:
    lookup = lookup_of("203.0.113.7:443")
    event = {"destination.ip": "203.0.113.7", "destination.port": 80}
    assert match_event(cast("Event", event), b"dst=203.0.113.7 dport=80", lookup) == []
    assert match_event({}, b"dst=203.0.113.7:80", lookup) == []
    assert match_event({"url.full": "http://203.0.113.7/a"}, b"GET 203.0.113.7", lookup) == []
    assert match_event({"destination.ip": "203.0.113.7"}, b"", lookup) == []
    assert match_event({"dns.answers": ["203.0.113.7"]}, b"A 203.0.113.7", lookup) == []
    known = cast("Event", {"destination.ip": "203.0.113.7", "destination.port": 443})
    assert [one.rule for one in match_event(known, b"", lookup)] == [MatchRule.IP_PORT]
    assert only_match({}, lookup, b"dst=203.0.113.7:443").field == "event.original"


def test_port_that_stands_apart_in_a_plain_line_counts() -> None:
    lookup = lookup_of("203.0.113.7:443")
    line = b"DST=203.0.113.7 PROTO=TCP SPT=51544 DPT=443 SYN"
    assert [one.field for one in match_event({}, line, lookup)] == ["event.original"]
    assert match_event({}, b"DST=203.0.113.7 DPT=4431 id=x443", lookup) == []


def test_a_name_as_it_goes_over_the_wire_is_mentioned() -> None:
    line = b"odd payload=0x" + b"\x00\x00\x03www\x03bad\x07example\x00".hex().encode()
    found = only_match({"event.dataset": "text"}, lookup_of("bad.example"), line)
    assert (found.grade, found.direction, found.labels_below) == (SightingGrade.MENTIONED, None, 1)


def test_ipv6_addresses_and_hashes_in_a_plain_line_are_met() -> None:
    digest = "0cc175b9c0f1b6a831c399e269772661"
    lookup = lookup_of("2001:db8::7", digest)
    line = b"to [2001:DB8::7]:443 got 0CC175B9C0F1B6A831C399E269772661"
    assert {one.indicator.key for one in match_event({}, line, lookup)} == {"2001:db8::7", digest}


def test_address_in_the_host_of_a_url_counts() -> None:
    hit = only_match({"url.full": "http://203.0.113.7:8080/x"}, lookup_of("203.0.113.0/24"))
    assert (hit.field, hit.rule, hit.indicator.key) == (
        "url.full",
        MatchRule.CIDR,
        "203.0.113.0/24",
    )


def test_longest_prefix_wins_and_the_address_itself_wins_over_it() -> None:
    event = {"destination.ip": "203.0.113.7"}
    lookup = lookup_of("203.0.113.0/24", "203.0.113.0/28")
    assert only_match(event, lookup, b"203.0.113.7").indicator.key == "203.0.113.0/28"
    lookup = lookup_of("203.0.113.0/24", "203.0.113.7")
    assert only_match(event, lookup, b"203.0.113.7").indicator.key == "203.0.113.7"


def test_name_is_never_met_as_a_substring() -> None:
    lookup = lookup_of("bad.example", "n.com")
    line = "notbad.example bad.example.test tài-khoản.com".encode()
    event = {"dns.question.name": "notbad.example", "url.domain": "tài-khoản.com"}
    assert match_event(cast("Event", event), line, lookup) == []


def test_unicode_name_meets_its_indicator_in_either_form() -> None:
    lookup = lookup_of("tài-khoản-giả.com")
    assert only_match({"url.domain": "www.TÀI-khoản-giả.com"}, lookup).labels_below == 1
    assert only_match({}, lookup, "x=tài-khoản-giả.com;".encode()).field == "event.original"
    assert only_match({}, lookup, b"x=xn--ti-khon-gi-h4a7452gea.com;").field == "event.original"


def test_hash_of_a_carried_file_is_met() -> None:
    hit = only_match({"file.hash.md5": "D" * 32}, lookup_of("d" * 32))
    assert (hit.field, hit.rule, hit.grade) == (
        "file.hash.md5",
        MatchRule.HASH,
        SightingGrade.MOVED,
    )


def test_url_in_a_raw_line_is_met_also_behind_another() -> None:
    lookup = lookup_of("http://c2.example/a")
    for line in (b"GET http://c2.example/a,200", b"u=http://x.example/,http://c2.example/a/b;"):
        assert only_match({}, lookup, line).rule is MatchRule.URL_PREFIX
    assert match_event({}, b"c2.example /a", lookup) == []


def test_contact_outside_the_validity_is_met_and_marked() -> None:
    one = Indicator(
        "bad.example",
        "bad.example",
        IndicatorKind.NAME,
        MatchRule.BELOW,
        claim=Claim(valid_from_us=10, valid_until_us=20),
    )
    lookup = IndicatorLookup(IndicatorSet((one,)))
    times = {9: "before", 10: None, 20: None, 21: "after"}
    for when, window in times.items():
        event = cast("Event", {"@timestamp": when, "dns.question.name": "bad.example"})
        (hit,) = match_event(event, b"bad.example", lookup)
        assert (hit.window, hit.grade) == (window, SightingGrade.ASKED), when
    assert match_event({"dns.question.name": "bad.example"}, b"", lookup)[0].window is None


def test_ended_address_leaves_the_network_around_it_in_force() -> None:
    ended = Indicator(
        "203.0.113.7",
        "203.0.113.7",
        IndicatorKind.ADDRESS,
        MatchRule.EXACT,
        claim=Claim(valid_until_us=5),
    )
    around = Indicator("203.0.113.0/24", "203.0.113.0/24", IndicatorKind.NETWORK, MatchRule.CIDR)
    lookup = IndicatorLookup(IndicatorSet((around, ended)))
    event = cast("Event", {"@timestamp": 9, "destination.ip": "203.0.113.7"})
    hits = [(hit.indicator, hit.window) for hit in match_event(event, b"", lookup)]
    assert hits == [(ended, "after"), (around, None)]


@pytest.mark.parametrize("piece", [b"a.", b"1.", b"://", b"http://", "à.".encode(), b"\xff.\x80"])
def test_endless_line_is_matched_in_linear_time(piece: bytes, tmp_path: Path) -> None:
    lookup = lookup_of("bad.example", "http://bad.example/a", "203.0.113.7:443", "tài.example")
    begun = time.process_time()
    hits = match_event({}, piece * (200_000 // len(piece)) + b" x.bad.example", lookup)
    # The square of so long a line takes minutes; a busy machine takes no second.
    assert time.process_time() - begun < 30
    assert [hit.indicator.key for hit in hits] == ["bad.example"]


def test_a_line_of_many_addresses_is_searched_for_ports_once() -> None:
    many = b" ".join(b"198.18.%d.%d" % divmod(number, 256) for number in range(20_000))
    begun = time.process_time()
    hits = match_event(
        {}, many + b" 203.0.113.7 203.0.113.8 443", lookup_of("203.0.113.7:443", "203.0.113.8:443")
    )
    # To search so long a line anew for each address takes minutes.
    assert time.process_time() - begun < 30
    assert len(hits) == 2


@pytest.mark.parametrize(
    ("dataset", "grades"),
    [("flows.netflow", ["connected"]), ("flows.half", ["mentioned"]), ("flows.answer", [])],
)
def test_half_a_flow_accuses_nobody(dataset: str, grades: list[str]) -> None:
    event: Event = {
        "event.dataset": dataset,
        "source.ip": "10.20.3.41",
        "destination.ip": "203.0.113.77",
    }
    hits = match_event(event, b"10.20.3.41 203.0.113.77", lookup_of("203.0.113.77"))
    assert [hit.grade.value for hit in hits] == grades
    assert all((hit.direction is None) is (hit.grade.value == "mentioned") for hit in hits)
