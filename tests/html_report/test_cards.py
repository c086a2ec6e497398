"""The steps to a device in words: each kind its own sentence, times in the zone of the reader."""

from datetime import UTC
from typing import Any

import pytest

from quetsach.attribution.model import StepKind
from quetsach.html_report.cards import record_text, step_text
from quetsach.texts import use_language


def _step(kind: str, **more: Any) -> dict[str, Any]:
    step = {"kind": kind, "before": "10.0.0.7", "after": "PC-07", "grade": "certain", "note": ""}
    return {**step, "path": "dhcp.log", "offset": 7, "start": None, "end": None, **more}


@pytest.mark.parametrize("kind", list(StepKind))
@pytest.mark.parametrize("language", ["vi", "en"])
def test_each_kind_of_step_has_its_sentence(kind: StepKind, language: str) -> None:
    use_language(language)  # type: ignore[arg-type]  # one of the two
    text = step_text(_step(kind), UTC)
    assert "10.0.0.7" in text
    assert "->" not in text


def test_a_span_is_shown_from_either_form_of_time() -> None:
    use_language("en")
    by_number = step_text(_step("lease", start=1_788_225_322_000_000, end=None), UTC)
    by_text = step_text(_step("lease", start="2026-09-01T01:15:22+00:00"), UTC)
    assert by_number == by_text
    assert "1 Sep 2026" in by_number.replace("\N{NO-BREAK SPACE}", " ")


def test_hostile_names_are_made_harmless() -> None:
    assert "\x1b" not in step_text(_step("lease", after="\x1b[31mPC"), UTC)


def test_a_step_without_a_record_names_none() -> None:
    assert record_text(_step("direct", path=None, offset=None)) == ""
    assert "7" in record_text(_step("lease"))
