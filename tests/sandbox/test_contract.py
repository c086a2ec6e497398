"""What passes between a caller and its process: frames, answers, and how a failure reads."""

import signal

import msgspec
import pytest

from quetsach.sandbox.contract import (
    ANSWER,
    FRAME,
    PROGRESS,
    EndedFromOutside,
    SandboxAnswer,
    SandboxFailed,
    SandboxFailure,
    SandboxLimits,
    SandboxTask,
    encode_answer,
)


def test_an_order_comes_back_as_it_was_sent_on_one_line() -> None:
    order = SandboxTask(
        "quetsach.readers.read:act", SandboxLimits(memory=1), 7, ("/a\nb",), ("/c",)
    )
    line = msgspec.json.encode(order)
    assert b"\n" not in line
    assert msgspec.json.decode(line, type=SandboxTask) == order


def test_a_frame_names_its_kind_and_as_many_bytes_as_memory_may_have() -> None:
    head = FRAME.pack(ANSWER, 1 << 40)
    assert (len(head), FRAME.unpack(head)) == (FRAME.size, (ANSWER, 1 << 40))
    assert ANSWER != PROGRESS


@pytest.mark.parametrize("answer", [(None, ""), ({"a": [1]}, ""), (None, "không đọc được")])
def test_an_answer_is_a_value_or_a_problem(answer: tuple[object, str]) -> None:
    value, problem = answer
    raw = encode_answer(value, problem)
    assert msgspec.json.decode(raw, type=SandboxAnswer) == SandboxAnswer(value, problem)


def test_a_failure_reads_as_what_ended_the_process() -> None:
    assert str(SandboxFailed(SandboxFailure.TIME)) == "time"
    assert str(SandboxFailed(SandboxFailure.BROKE, "exit 3", "secret")) == "broke exit 3"
    assert str(EndedFromOutside(signal.SIGTERM)) == "SIGTERM"
