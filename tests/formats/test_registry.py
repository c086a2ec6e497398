"""The list of formats: each has a name of its own, and one of them knows a file."""

from pathlib import Path

from quetsach.formats.contract import HEAD_BYTES, Format
from quetsach.formats.registry import FALL_BACK, FORMATS, recognise
from tests.formats.golden import each_sample


def test_names_are_unique_and_the_fall_back_is_last() -> None:
    assert len({form.name for form in FORMATS}) == len(FORMATS)
    assert FORMATS[-1] is FALL_BACK


@each_sample
def test_recognises_its_own_sample_and_no_others_does(form: Format, sample: Path) -> None:
    head = sample.read_bytes()[:HEAD_BYTES]
    assert recognise(head) is form
    assert [one.name for one in FORMATS[:-1] if one.recognise(head)] == (
        [] if form is FALL_BACK else [form.name]
    )
