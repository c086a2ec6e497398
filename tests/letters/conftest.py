"""Questions are asked in English while letters are tested."""

from collections.abc import Iterator

import pytest

from quetsach.texts import language, use_language


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    before = language()
    use_language("en")
    yield
    use_language(before)
