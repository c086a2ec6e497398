"""No template shows a figure of machines otherwise than by the tags that require its look."""

import re
from pathlib import Path

import pytest

PORTAL = Path(__file__).parents[3] / "src/quetsach_portal"
FIGURES = re.compile(
    r"\b(?:\w+\.)+(?:cases_(?:open|verified|other|recurred)|infected|recurred|unproven|verified"
    r"|devices|device_count|machines_seen)\b"
)
SHOWN = re.compile(r"\{\{(.*?)\}\}|\{% (?:blocktranslate) (.*?)%\}")
OTHERS = {
    # What a list would meet, and what a false alarm touches: no count of infected machines.
    "lists/gate.html",
    "lists/rows.html",
    "lists/show.html",
    "cases/alarm.html",
}
ON_THE_SPOT = {
    # Of one hand-in, with what it held beside it: lines and days, none where nothing was read.
    "intake/result.html",
    "intake/unit.html",
    # Of one watch, which tells of its logs on the same line.
    "sensors/watches.html",
}


def raw_figures(text: str) -> list[str]:
    """Return what a template prints of machines' figures without a tag."""
    shown = (match.group(1) or match.group(2) or "" for match in SHOWN.finditer(text))
    # A share and a bar say nothing where there is no machine, and stand beside their number.
    return [figure for one in shown if "|share" not in one for figure in FIGURES.findall(one)]


def templates() -> list[Path]:
    return sorted(PORTAL.glob("*/templates/**/*.html"))


@pytest.mark.parametrize("path", templates(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_template_prints_a_raw_figure_of_machines(path: Path) -> None:
    name = f"{path.parent.name}/{path.name}"
    if name not in OTHERS | ON_THE_SPOT:
        assert raw_figures(path.read_text()) == []


def test_the_scan_finds_raw_figures() -> None:
    assert raw_figures("<b>{{ tally.cases_open|intcomma }}</b>") == ["tally.cases_open"]
    assert raw_figures("{% blocktranslate with n=row.infected trimmed %}") == ["row.infected"]
    assert raw_figures("{% machines tally.cases_open look %}") == []
    assert {f"{one.parent.name}/{one.name}" for one in templates()} >= OTHERS | ON_THE_SPOT
