"""A log that several devices write into."""

from quetsach.formats.mixed_log import MixedLog, forms_of
from quetsach.formats.registry import MIXED, recognise
from tests.formats.golden import SAMPLES

CENTRAL = (SAMPLES / "mixed-log" / "central.log").read_bytes()


def test_the_forms_of_the_first_lines_are_counted() -> None:
    forms, lines = forms_of(CENTRAL)
    assert lines == 6
    assert dict(forms) == {
        "cisco-asa": 1, "unbound": 2, "fortigate": 1, "suricata-eve": 1,
    }  # fmt: skip


def test_a_form_that_most_lines_have_is_the_files() -> None:
    line = b"[1788225322] unbound[7:0] info: 10.20.3.41 bad.example. A IN\n"
    assert recognise(CENTRAL).name == MIXED
    assert recognise(line * 9 + CENTRAL).name == "unbound"


def test_text_without_a_known_line_is_none_of_ours() -> None:
    assert not MixedLog().recognise(b"nothing\nat all\n")
    assert MixedLog().recognise(CENTRAL)
