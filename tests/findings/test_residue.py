"""Each reason why nobody can be named says what would have told."""

import pytest

from quetsach.attribute.attribution import Lack
from quetsach.findings.residue import lack_text


@pytest.mark.parametrize("lack", [one for one in Lack if one is not Lack.NONE])
def test_each_lack_has_words_of_its_own(lack: Lack) -> None:
    assert len(lack_text(lack)) > 40


def test_where_nothing_is_missing_nothing_is_said() -> None:
    assert lack_text(Lack.NONE) == ""
