"""Every act that is recorded has its words."""

import re
from pathlib import Path

from quetsach_portal.config.jobs import JOBS
from quetsach_portal.operations.act_names import ACTS
from quetsach_portal.operations.trail import selected_acts
from quetsach_portal.operations.views import TrailFilter

_SOURCE = Path(__file__).parents[3] / "src/quetsach_portal"
_NAME = re.compile(r'"([a-z_]+\.[a-z_-]+)"')
_NO_ACTS = {"cases.ask_for_all", "participation.ticket", "release.jsonl", "report.html"}
_NO_ACTS |= {
    "campaign.json",
    "table.bin",
    "intake.checked",
    "reports.checked",
    "units.csv",
    "backup.json",
}
_NO_ACTS |= {"mail.from", "mail.connections", "mail.per_second"}


def test_every_act_that_the_source_records_is_told_in_words() -> None:
    begins = {act.partition(".")[0] for act in ACTS}
    found = {
        name
        for path in _SOURCE.rglob("*.py")
        if "migrations" not in path.parts
        for name in _NAME.findall(path.read_text())
        if name.partition(".")[0] in begins
    }
    nameless = found - set(JOBS.handlers) - _NO_ACTS - set(ACTS)
    assert not nameless, (
        f"give these their words in operations/act_names.py and oversight.po: {nameless}"
    )
    assert not set(ACTS) - found, "nothing records these any more"


def test_an_area_is_chosen_whole_or_act_by_act() -> None:
    groups = dict(TrailFilter().fields["action"].choices[1:])  # type: ignore[attr-defined]
    assert len(groups) == 10
    whole = [every[0][0] for every in groups.values()]
    assert sorted(act for area in whole for act in selected_acts(area)) == sorted(ACTS)
    assert selected_acts("case.closed") == ["case.closed"]
