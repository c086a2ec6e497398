"""Each occasion is judged by what the machine said of itself, never by what was named."""

from dataclasses import replace

import pytest

from quetsach.attribution.model import Certainty
from quetsach.exams.judging import (
    NOTHING_TO_COMPARE,
    OTHER_ADDRESS,
    OTHER_MAC,
    OTHER_NAME,
    OTHER_ROW,
    OTHER_RUNNER,
    TWO_MACHINES,
    ExamOutcome,
    ExamStatement,
    JudgedOccasion,
    NamedMachine,
    TrueMachine,
    judge_occasions,
    named_by_text,
    why_another,
)
from quetsach.exams.receipts import ConnectionReceipt
from quetsach.exams.truth import ExamMachine, ExamTruth, Occasion

MAC_A, MAC_B = "00-17-A4-00-00-0A", "00-17-A4-00-00-0B"
ROW_A = ExamMachine("A-1", "PC-KT-01", (MAC_A,), ("192.168.5.2",))
ROW_B = ExamMachine("A-2", "PC-KT-02", (MAC_B,))
MARK = "abcdefghijkl"
TRUTH = ExamTruth(
    format="quetsach-exam/1",
    domain="exam.example",
    server="",
    server_port=0,
    from_s=0,
    until_s=1000,
    seed="0" * 64,
    machines=(ROW_A, ROW_B),
    occasions=(Occasion(MARK, 0, 10, 18_000),),
)
RECEIPT = ConnectionReceipt(
    "quetsach-exam-receipt/1",
    exam="e",
    mark=MARK,
    at=10,
    utc_offset="+0700",
    host="pc-kt-01.office.example",
    macs=(MAC_A,),
    addresses=("192.168.5.20",),
    port=18_000,
    asked=True,
    connected=True,
)
RIGHT = NamedMachine("A-1", "192.168.5.20", MAC_A, "PC-KT-01", "A-1")
WRONG = NamedMachine("A-2", "192.168.5.21", MAC_B, "PC-KT-02", "A-2")


def said(named: NamedMachine, grade: str = "certain", *rivals: NamedMachine) -> ExamStatement:
    return ExamStatement(named, Certainty(grade), "lease", rivals)


def judged(
    *statements: ExamStatement, seen: bool = True, receipt: ConnectionReceipt | None = RECEIPT
) -> JudgedOccasion:
    receipts = {} if receipt is None else {MARK: receipt}
    (occasion,) = judge_occasions(
        TRUTH, receipts, {MARK: list(statements)}, {MARK} if seen else set()
    )
    return occasion


@pytest.mark.parametrize(
    ("named", "why"),
    [
        (RIGHT, ""),
        (NamedMachine("x", mac=MAC_A), ""),
        (NamedMachine("x", mac=MAC_A, host_name="OLD-NAME"), ""),
        (NamedMachine("x", key="A-1"), ""),
        (NamedMachine("x", host_name="PC-KT-01"), ""),
        (NamedMachine("x", address="192.168.5.20"), ""),
        (NamedMachine("x", mac=MAC_B), OTHER_MAC),
        (NamedMachine("x", mac=MAC_B, key="A-1"), OTHER_MAC),
        (NamedMachine("x", mac=MAC_A, key="A-2"), OTHER_ROW),
        (NamedMachine("x", host_name="PC-KT-02"), OTHER_NAME),
        (NamedMachine("x", address="192.168.5.2"), OTHER_ADDRESS),
        (NamedMachine("x"), NOTHING_TO_COMPARE),
        (NamedMachine("x", host_name="DESKTOP"), NOTHING_TO_COMPARE),
    ],
)
def test_one_part_that_contradicts_is_another_machine(named: NamedMachine, why: str) -> None:
    assert why_another(named, TrueMachine(ROW_A, RECEIPT)) == why


def test_how_an_occasion_comes_out() -> None:
    assert judged(said(RIGHT)).outcome is ExamOutcome.RIGHT
    assert judged(said(WRONG)).outcome is ExamOutcome.WRONG
    assert judged(said(WRONG), said(RIGHT)).outcome is ExamOutcome.WRONG
    assert judged(said(WRONG, "ambiguous", RIGHT)).outcome is ExamOutcome.AMONG_RIVALS
    assert judged(said(RIGHT, "ambiguous", WRONG)).outcome is ExamOutcome.AMONG_RIVALS
    assert judged(said(WRONG, "ambiguous")).outcome is ExamOutcome.NOT_AMONG_RIVALS
    assert judged().outcome is ExamOutcome.NO_DEVICE
    assert judged(seen=False).outcome is ExamOutcome.NOT_SEEN
    assert judged(said(WRONG), receipt=None).outcome is ExamOutcome.NO_RECEIPT
    assert judged(receipt=None, seen=False).outcome is ExamOutcome.NOT_DONE
    assert judged(said(NamedMachine("x"))).outcome is ExamOutcome.VOID


def test_an_occasion_counts_once_for_each_grade() -> None:
    occasion = judged(said(RIGHT), said(RIGHT), said(WRONG, "likely"), said(RIGHT, "likely"))
    assert occasion.by_grade == {Certainty.CERTAIN: True, Certainty.LIKELY: False}
    assert occasion.by_way == {"lease": False}
    assert occasion.why == OTHER_MAC


def test_what_is_not_settled_counts_for_no_way() -> None:
    assert judged(said(WRONG, "ambiguous", RIGHT)).by_way == {}


def test_a_script_that_ran_on_another_machine_of_the_table_asks_nothing() -> None:
    elsewhere = _with(host="PC-KT-02", macs=(MAC_B,))
    occasion = judged(said(WRONG), receipt=elsewhere)
    assert (occasion.outcome, occasion.why) == (ExamOutcome.VOID, OTHER_RUNNER)
    assert not occasion.by_grade


def test_a_receipt_with_the_cards_of_two_machines_asks_nothing() -> None:
    greedy = _with(macs=(MAC_A, MAC_B))
    occasion = judged(said(NamedMachine(MAC_B, mac=MAC_B)), receipt=greedy)
    assert (occasion.outcome, occasion.why) == (ExamOutcome.VOID, TWO_MACHINES)
    unknown = _with(macs=(MAC_A, "00-17-A4-00-00-99"))
    assert judged(said(RIGHT), receipt=unknown).outcome is ExamOutcome.RIGHT


def test_a_mistake_of_the_table_counts() -> None:
    swapped = _with(host="PC-KT-01", macs=(MAC_B,))
    named = NamedMachine("A-2", mac=MAC_B, key="A-2")
    occasion = judged(said(named), receipt=swapped)
    assert (occasion.outcome, occasion.why) == (ExamOutcome.WRONG, OTHER_ROW)


def _with(**changed: object) -> ConnectionReceipt:
    fields = {name: getattr(RECEIPT, name) for name in RECEIPT.__struct_fields__}
    return ConnectionReceipt(**{**fields, **changed})


@pytest.mark.parametrize(
    ("device", "named"),
    [
        ("A-2", NamedMachine("A-2", key="A-2")),
        (f"PC-X ({MAC_A})", NamedMachine(f"PC-X ({MAC_A})", mac=MAC_A, host_name="PC-X")),
        (MAC_B, NamedMachine(MAC_B, mac=MAC_B)),
        ("PC-X", NamedMachine("PC-X", host_name="PC-X")),
    ],
)
def test_a_device_is_known_by_its_key(device: str, named: NamedMachine) -> None:
    assert named_by_text(device, TRUTH) == named


def test_a_device_without_a_name_is_its_address() -> None:
    assert named_by_text("192.168.5.20", TRUTH, "192.168.5.20") == replace(
        NamedMachine("192.168.5.20"), address="192.168.5.20"
    )
