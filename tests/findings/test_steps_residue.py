"""Each reason why nobody can be named says what would have told."""

import pytest

from quetsach.attribution.questions import MissingEvidence
from quetsach.findings.steps import lack_text


@pytest.mark.parametrize(
    "lack", [one for one in MissingEvidence if one is not MissingEvidence.NONE]
)
def test_each_lack_has_words_of_its_own(lack: MissingEvidence) -> None:
    assert len(lack_text(lack)) > 40


def test_where_nothing_is_missing_nothing_is_said() -> None:
    assert lack_text(MissingEvidence.NONE) == ""
