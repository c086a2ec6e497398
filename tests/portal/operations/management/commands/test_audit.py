"""`quetsach manage audit`: the chain is verified against a head that was noted."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from quetsach.api.trails import check_acts
from quetsach_portal.audit.anchors import anchors_path, keys_folder
from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.audit.record import ChainBreak, first_break
from quetsach_portal.jobs.queue import RunningJob
from quetsach_portal.operations.anchoring import check_trail
from tests.portal.audit.trail import write
from tests.portal.reports.acting import accepted
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_L1_a_chain_that_was_written_anew_is_not_the_one_that_was_noted() -> None:
    write(4)
    noted = AuditEvent.objects.get(seq=4)
    assert first_break((noted.seq, noted.digest)) is None
    assert first_break((2, "0" * 64)) == ChainBreak(2, "not the row that was noted")
    assert first_break((9, "0" * 64)) == ChainBreak(5, "missing at the end")
    said = io.StringIO()
    call_command("audit", "verify", stdout=said)
    head = said.getvalue().split()[-1]
    assert head == f"4:{noted.digest}"
    call_command("audit", "verify", "--expect", head, stdout=said)
    with pytest.raises(CommandError):
        call_command("audit", "verify", "--expect", f"3:{noted.digest}", stdout=said)
    with pytest.raises(CommandError, match="--expect"):
        call_command("audit", "verify", "--expect", "rubbish", stdout=said)


def test_all_rows_are_exported_as_json_lines_oldest_first(
    capsys: pytest.CaptureFixture[str],
) -> None:
    write(3)
    call_command("audit", "export")
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["seq"] for row in rows] == [1, 2, 3]
    assert [row["previous"] for row in rows[1:]] == [row["digest"] for row in rows[:-1]]


def test_L4_the_acts_of_a_report_are_proved_to_somebody_without_the_portal(
    world: World, tmp_path: Path
) -> None:
    version = accepted(world, "TC01A")
    with pytest.raises(CommandError):
        _proof(version.code)
    check_trail(RunningJob(0, "audit.verify", {}, "test", 1))
    anchors = tmp_path / "anchors.jsonl"
    anchors.write_bytes(anchors_path().read_bytes())
    path = tmp_path / "acts.json"
    path.write_text(_proof(version.code, "--rows"), encoding="utf-8")
    verdict = check_acts(path, anchors=anchors, keys=[keys_folder()])
    assert verdict.exit_code == 0
    assert verdict.code == version.code
    assert [act.row["action"] for act in verdict.acts] == ["report.submitted", "report.accepted"]
    assert {act.row["detail"]["code"] for act in verdict.acts} == {version.code}
    plain = _proof(f" {version.code[:4].upper()} {version.code[4:]}")
    assert "actor" not in plain
    for code in ("0" * 16, "rubbish", ""):
        with pytest.raises(CommandError):
            _proof(code)


def _proof(code: str, *more: str) -> str:
    said = io.StringIO()
    call_command("audit", "proof", code, *more, stdout=said)
    return said.getvalue()
