"""The list of formats: each has a name of its own, and one of them knows a file."""

from pathlib import Path

from quetsach.formats.contract import HEAD_BYTES, Format
from quetsach.formats.registry import FALL_BACK, FORMATS, MIXED, recognise
from tests.formats.golden import each_sample


def test_names_are_unique_and_the_fall_back_is_last() -> None:
    assert len({form.name for form in FORMATS}) == len(FORMATS)
    assert FORMATS[-1] is FALL_BACK


@each_sample
def test_recognises_its_own_sample_and_no_others_does(form: Format, sample: Path) -> None:
    head = sample.read_bytes()[:HEAD_BYTES]
    assert recognise(head) is form
    # A log of several devices takes whatever holds a line of a known form.
    others = [one for one in FORMATS if one not in (FALL_BACK, MIXED)]
    assert [one.name for one in others if one.recognise(head)] == (
        [] if form in (FALL_BACK, MIXED) else [form.name]
    )
