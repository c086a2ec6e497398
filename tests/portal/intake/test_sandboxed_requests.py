"""What the process in the sandbox answers about a letter that asks who used an address."""

from pathlib import Path

import msgspec
import pytest

from quetsach.sandbox.contract import SandboxAnswer
from quetsach_portal.intake.sandboxed_requests import RequestInput, answer_in_sandbox
from tests.letters.test_holder import PROSE


@pytest.mark.parametrize(("text", "is_answered"), [(PROSE, True), ("no letter\n", False)])
def test_a_letter_is_answered_or_the_problem_told(
    text: str, is_answered: bool, tmp_path: Path
) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text(text)
    given = RequestInput(str(letter), evidence=(), leases=(), nat=(), inventory=(), plans=())
    assert given.files() == ()
    raw = answer_in_sandbox(msgspec.json.encode(given), lambda _share: None)
    answer = msgspec.json.decode(raw, type=SandboxAnswer)
    assert bool(answer.problem) is not is_answered
    if is_answered:
        assert [row["outcome"] for row in answer.value["rows"]] == ["no-data"] * 3
