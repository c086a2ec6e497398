"""What each form of list promises: a name, a title, and no error for a file of nothing."""

import pytest

from quetsach.indicators.formats.contract import ListFile
from quetsach.indicators.formats.registry import FORMS
from tests.indicators.formats.lists import OPTIONS


@pytest.mark.parametrize("one", FORMS, ids=lambda one: one.name)
@pytest.mark.parametrize("raw", [b"", b"\n\n", b"#", b"\0\1\2", b"{", b"[]", b"null", b"\xff\xfe"])
def test_no_form_raises_for_a_file_of_nothing(one: object, raw: bytes) -> None:
    file = ListFile("x", "0", raw, "", True, OPTIONS)
    reading = one.read(file)  # type: ignore[attr-defined]  # parametrised values carry no type
    assert reading is None or list(reading.rows) is not None


def test_names_of_forms_are_unique_and_described() -> None:
    assert len({one.name for one in FORMS}) == len(FORMS)
    assert all(one.title and one.reads for one in FORMS)
