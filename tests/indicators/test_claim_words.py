"""What cells of tables say of an indicator, as senders write it."""

from datetime import UTC

import pytest

from quetsach.indicators.claim_words import (
    HEADINGS,
    claim_in,
    class_in,
    confidence_in,
    status_in,
    tlp_in,
)
from quetsach.indicators.model import NO_CLAIM, IndicatorClass, IndicatorStatus, Tlp


@pytest.mark.parametrize(
    ("cell", "level"),
    [
        *(("TLP:AMBER+STRICT", Tlp.AMBER_STRICT), ("amber", Tlp.AMBER), ("TLP: Red", Tlp.RED)),
        *(("white", Tlp.CLEAR), ("TLP:CLEAR", Tlp.CLEAR), ("[TLP:GREEN]", Tlp.GREEN)),
        *(("TLP AMBER + STRICT", Tlp.AMBER_STRICT), ("amber-strict", Tlp.AMBER_STRICT)),
        *(("đỏ", Tlp.RED), ("TLP: vàng", Tlp.AMBER), ("TLP 2.0: GREEN", Tlp.GREEN)),
        *(("", None), ("-", None), ("n/a", None)),
        # It forbids something that cannot be read.
        *(("TLP:EX:CHR", Tlp.AMBER_STRICT), ("chỉ dùng nội bộ", Tlp.AMBER_STRICT)),
    ],
)
def test_a_marking_is_read_or_counts_as_strict(cell: str, level: Tlp | None) -> None:
    assert tlp_in(cell) is level


@pytest.mark.parametrize(
    ("cell", "confidence"),
    [
        *(("80", 80), ("80%", 80), ("80 %", 80), ("75.0", 75), ("0.8", 80), ("0,85", 85)),
        *(("1.0", 100), ("0", 0), ("100", 100), ("1", 1), ("High", 85), ("cao", 85)),
        *(("101", None), ("-5", None), ("1.5", None), ("", None), ("?", None), ("8/10", None)),
    ],
)
def test_a_confidence_is_a_number_a_share_or_a_word(cell: str, confidence: int | None) -> None:
    assert confidence_in(cell) == confidence


def test_only_a_word_for_an_end_ends_an_indicator() -> None:
    told = {word: status_in(word) for word in ("Expired", "đã thu hồi", "offline", "", "active")}
    assert told == {
        "Expired": IndicatorStatus.EXPIRED,
        "đã thu hồi": IndicatorStatus.WITHDRAWN,
        **dict.fromkeys(("offline", "", "active"), IndicatorStatus.ACTIVE),
    }


def test_a_class_is_read_in_our_words_and_in_those_of_others() -> None:
    words = ("c2", "botnet-cc", "sinkhole", "strange")
    assert [class_in(word) for word in words] == [
        *(IndicatorClass.C2, IndicatorClass.C2, IndicatorClass.SINKHOLE, IndicatorClass.UNKNOWN),
    ]


@pytest.mark.parametrize(
    ("what", "headings"),
    [
        ("confidence", "confidence,confidence level,độ tin cậy,mức độ tin cậy (%)"),
        ("tlp", "tlp,tlp marking,mức chia sẻ,phạm vi phổ biến"),
        ("status", "status,trạng thái,ioc status"),
        ("last_seen", "last seen,last online,lần cuối,ghi nhận lần cuối,ngày thấy gần nhất"),
    ],
)
def test_headings_of_both_languages_are_known(what: str, headings: str) -> None:
    for heading in headings.replace(" (%)", " %").split(","):
        assert HEADINGS[what].fullmatch(heading), heading


def test_an_empty_row_says_nothing() -> None:
    assert claim_in({}, UTC) is NO_CLAIM
    assert claim_in({"status": "online"}, UTC) is NO_CLAIM
    assert claim_in({"last_seen": "1/9/2026"}, UTC).last_seen_us == 1_788_307_199_999_999
