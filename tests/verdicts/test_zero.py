"""The number of a unit: what was looked at stands behind it, and a find is never a zero."""

from typing import Any

from quetsach.texts import use_language
from quetsach.verdicts.model import DeviceState, DeviceVerdict
from quetsach.verdicts.zero import unit_verdicts


def _only(*verdicts: tuple[str, DeviceVerdict], **more: Any) -> str:
    use_language("en")
    told = {"machines": {}, "untraced": {}, "untimed": {}, "share": 0.75, **more}
    (unit,) = unit_verdicts(verdicts, (), **told)
    return unit.sentence


def test_a_find_in_lines_without_time_is_told_and_no_zero() -> None:
    said = _only(("Xã A", DeviceVerdict("PC-1", DeviceState.INFECTED, "")))
    assert said.startswith("1 infected, and there may be more")


def test_a_unit_of_which_nothing_was_read_has_no_number() -> None:
    assert "This is no zero" in _only(named=["Xã A"])


def test_files_without_times_are_named_where_nothing_else_was_read() -> None:
    assert "The lines of 2 files carry no time" in _only(untimed={"Xã A": 2})
