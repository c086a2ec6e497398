"""The check of a list tells every row's fate and what to look at twice."""

from pathlib import Path

import pytest
from msgspec import structs

from quetsach.indicators.allow.lists import read_allow
from quetsach.indicators.check import (
    Contradiction,
    ContradictionKind,
    check,
    contradictions,
    reason_text,
)
from quetsach.indicators.model import (
    NO_CLAIM,
    AllowDecision,
    Claim,
    Decision,
    Indicator,
    IndicatorClass,
    IndicatorKind,
    IndicatorSet,
    IndicatorStatus,
    MatchRule,
    Origin,
    Refusal,
)
from quetsach.indicators.options import ListOptions, RefusalReason
from quetsach.indicators.read import read_lists
from quetsach.indicators.releases.decisions import Decisions
from quetsach.texts import use_language


def test_check_tells_fates_kinds_parents_and_doubts(tmp_path: Path) -> None:
    path = tmp_path / "ds.txt"
    path.write_text(
        "bad.example\na.bad.example\nbad[.]example\n203.0.113.77/24 ; dải\n10.0.0.1\n"
        "com.vn\nduckdns[.]org # động\nhttp://c2.example\nhttp://c2.example/a\n2001:db8::1\n"
    )
    report = check(read_lists([path], ListOptions()))
    (one,) = report.lists
    assert (one.reading.rows, one.reading.taken, one.reading.refused) == (10, 7, 3)
    assert one.by_reason == {"private": 1, "public-suffix": 2}
    assert [refusal.origin.row for refusal in one.refusals] == [5, 6, 7]
    assert report.kinds == {"address": 1, "name": 2, "network": 1, "url": 2}
    assert [found.key for found in report.duplicates] == ["bad.example"]
    assert [(found.key, count) for found, count in report.parents] == [("bad.example", 1)]
    assert [(origin.row, network) for origin, network in report.masked] == [(4, "203.0.113.0/24")]
    assert [section for _, section in report.suffixes] == ["icann", "private"]
    assert [found.key for found in report.whole_sites] == ["c2.example/"]


@pytest.mark.parametrize("reason", list(RefusalReason))
def test_every_reason_has_a_sentence(reason: RefusalReason) -> None:
    use_language("en")
    assert len(reason_text(reason)) > 10


def test_rows_with_dots_taken_out_that_nobody_reads_are_named(tmp_path: Path) -> None:
    path = tmp_path / "ds.txt"
    rows = ("ba[.]d example x", "hxxp:/bad", "bad[.]example", "chỉ là chữ", "xxhxxpo.example")
    path.write_text("\n".join(rows))
    report = check(read_lists([path], ListOptions()))
    assert [one.row for one in report.dead] == [1, 2]


def test_what_stands_on_allow_lists_is_a_question_until_a_person_decided(tmp_path: Path) -> None:
    path = tmp_path / "ds.txt"
    path.write_text("big.example\nme.dyn.example\nold.big.example\nbad.example\n")
    (tmp_path / "top.json").write_text(
        '{"name": "Top 500 domains", "type": "hostname", "list": ["big.example"]}'
    )
    (tmp_path / "dyn.json").write_text(
        '{"name": "dynamic DNS", "type": "hostname", "list": ["dyn.example"]}'
    )
    allow = read_allow([tmp_path / "top.json", tmp_path / "dyn.json"])
    kept = Decision("big.example", AllowDecision.KEEP, "x", "2027-01-01", "2026-01-01")
    past = Decision("bad.example", AllowDecision.WATCH, "x", "2026-01-01", "2025-01-01")
    found = read_lists([path], ListOptions())
    report = check(found, allow)
    assert [(one.indicator.key, one.proposal, one.asked) for one in report.questions] == [
        ("big.example", AllowDecision.DROP, True),
        ("old.big.example", AllowDecision.WATCH, True),
        ("me.dyn.example", AllowDecision.KEEP, False),
    ]
    assert report.open_questions == 2
    made = Decisions({"big.example": kept}, {"bad.example": past})
    report = check(found, allow, made)
    assert [(one.indicator.key, one.decision, one.asked) for one in report.questions] == [
        ("old.big.example", None, True),
        ("bad.example", past, True),
        ("big.example", kept, False),
        ("me.dyn.example", None, False),
    ]
    assert list(report.allow) == ["dynamic-dns", "top-sites"]
    assert [one.key for one in report.allow["top-sites"]] == ["old.big.example"]


def origin(
    row: int, claim: Claim = NO_CLAIM, rule: MatchRule | None = None, text: str = ""
) -> Origin:
    return Origin(f"list-{row}", "a", row, text, claim=claim, rule=rule)


def found(*claims: Claim, kind: IndicatorKind = IndicatorKind.NAME) -> list[Contradiction]:
    origins = tuple(origin(row, claim) for row, claim in enumerate(claims, start=1))
    one = Indicator("k.example", "k", kind, MatchRule.BELOW, None, claims[0], origins)
    return list(contradictions(IndicatorSet((one,))))


def test_different_classes_and_families_are_told_with_their_rows() -> None:
    first = Claim(IndicatorClass.C2, "Mirai")
    second = Claim(IndicatorClass.SINKHOLE, "Emotet")
    by_class, by_family = found(first, Claim(), second)
    assert (by_class.clash, by_class.said) == (ContradictionKind.CLASS, ("c2", "sinkhole"))
    assert [one.row for one in by_class.origins] == [1, 3]
    assert (by_family.clash, by_family.said) == (ContradictionKind.FAMILY, ("Mirai", "Emotet"))


def test_silence_and_other_spelling_contradict_nothing() -> None:
    assert found(Claim(family="Mirai"), Claim(family="MIRAI"), Claim()) == []
    assert found(Claim(status=IndicatorStatus.EXPIRED), Claim()) == []


def test_taken_back_by_one_and_listed_by_another_is_told() -> None:
    (one,) = found(Claim(status=IndicatorStatus.WITHDRAWN), Claim())
    assert (one.clash, one.said) == (ContradictionKind.STATUS, ("withdrawn", "active"))


def test_exactly_this_name_and_all_below_it_contradict_each_other() -> None:
    origins = (origin(1, rule=MatchRule.EXACT), origin(2), origin(3, rule=MatchRule.BELOW))
    one = Indicator("k.example", "k", IndicatorKind.NAME, MatchRule.BELOW, origins=origins)
    (told,) = contradictions(IndicatorSet((one,)))
    assert (told.clash, told.said) == (ContradictionKind.RULE, ("exact", "below"))
    assert not list(contradictions(IndicatorSet((structs.replace(one, kind=IndicatorKind.HASH),))))


def test_an_address_in_a_network_of_another_class_is_told() -> None:
    sinkhole, c2 = Claim(IndicatorClass.SINKHOLE), Claim(IndicatorClass.C2)
    network = Indicator(
        "203.0.113.0/24", "", IndicatorKind.NETWORK, MatchRule.CIDR, None, sinkhole, (origin(1),)
    )
    inside = Indicator(
        "203.0.113.7:443", "", IndicatorKind.ADDRESS, MatchRule.IP_PORT, 443, c2, (origin(2),)
    )
    same = Indicator(
        "203.0.113.8", "", IndicatorKind.ADDRESS, MatchRule.EXACT, None, sinkhole, (origin(3),)
    )
    (told,) = contradictions(IndicatorSet((network, inside, same)))
    assert told.clash is ContradictionKind.NETWORK
    assert told.said == ("c2", "sinkhole (203.0.113.0/24)")
    assert [one.row for one in told.origins] == [2, 1]


def test_listed_and_named_as_an_exception_is_told() -> None:
    one = Indicator("good.example", "", IndicatorKind.NAME, MatchRule.BELOW, origins=(origin(1),))
    row = origin(9, text="@@||good.example^$important")
    refusal = Refusal(row, RefusalReason.EXCEPTION)
    (told,) = contradictions(IndicatorSet((one,), (refusal,)))
    assert told.clash is ContradictionKind.EXCEPTION
    assert told.origins == (one.origins[0], row)


def test_an_end_before_the_begin_is_told() -> None:
    (one,) = found(Claim(valid_from_us=5, valid_until_us=4))
    assert one.clash is ContradictionKind.DATES
    assert found(Claim(valid_from_us=4, valid_until_us=4)) == []


def test_a_replacement_that_nobody_looks_for_is_told() -> None:
    claim = Claim(status=IndicatorStatus.REPLACED, replaced_by="new.example")
    (one,) = found(claim)
    assert (one.clash, one.said) == (ContradictionKind.REPLACEMENT, ("k.example", "new.example"))
    old = Indicator("k.example", "", IndicatorKind.NAME, MatchRule.BELOW, None, claim, (origin(1),))
    new = Indicator(
        "new.example", "", IndicatorKind.NAME, MatchRule.BELOW, None, NO_CLAIM, (origin(2),)
    )
    assert list(contradictions(IndicatorSet((old, new)))) == []
