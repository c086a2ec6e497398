"""The list of formats: each has a name of its own, and one of them knows a file."""

import json
from pathlib import Path

from quetsach.formats.contract import HEAD_BYTES, Format
from quetsach.formats.mixed_log import forms_of
from quetsach.formats.registry import FALL_BACK, MIXED, all_formats, recognise
from tests.formats.golden import each_sample


def test_names_are_unique_and_the_fall_back_is_last() -> None:
    assert len({form.name for form in all_formats()}) == len(all_formats())
    assert all_formats()[-1].name == FALL_BACK


@each_sample
def test_recognises_its_own_sample_and_no_others_does(form: Format, sample: Path) -> None:
    head = sample.read_bytes()[:HEAD_BYTES]
    assert recognise(head) is form
    # A log of several devices takes whatever holds a line of a known form.
    others = [one for one in all_formats() if one.name not in (FALL_BACK, MIXED)]
    assert [one.name for one in others if one.recognise(head)] == (
        [] if form.name in (FALL_BACK, MIXED) else [form.name]
    )


ASA = (
    "%ASA-6-302013: Built outbound TCP connection 9123 for outside:203.0.113.77/443 "
    "(203.0.113.77/443) to inside:10.20.3.41/51544 (198.51.100.5/40112)"
)


def test_what_a_collector_wrapped_is_peeled_and_what_a_table_holds_is_read_by_its_columns() -> None:
    wrapped = json.dumps({"@timestamp": "2026-09-01T01:15:22Z", "message": ASA})
    for line in (wrapped, f"<13>Sep  1 08:15:22 relay {wrapped}"):
        assert recognise(line.encode()).name == MIXED
    assert (
        recognise(f'"time","message"\n"2026-09-01T01:15:22Z","{ASA}"\n'.encode()).name == "csv-rows"
    )
    assert recognise(f"Sep  1 08:15:22 gate {ASA}".encode()).name == "cisco-asa"


def test_the_form_of_most_lines_is_told_before_all_are_looked_at() -> None:
    unbound = b"[1788225322] unbound[7:0] info: 10.20.3.41 bad.example. A IN\n"
    other = f"Sep  1 08:15:22 gate {ASA}\n".encode()
    for ours in range(12):
        for foreign in range(12):
            for unknown in (0, 3, 9):
                lines = [unbound] * ours + [other] * foreign + [b"what is this\n"] * unknown
                names = {recognise(b"".join(order)).name for order in (lines, lines[::-1])}
                forms, count = forms_of(b"".join(lines))
                most = dict(forms).get("unbound", 0)
                if 2 * most > count:
                    assert names == {"unbound"}
                elif 2 * foreign > count:
                    assert names == {"cisco-asa"}
                elif most and foreign and most == foreign:
                    assert names == {MIXED}
