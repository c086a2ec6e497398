"""`quetsach manage audit`: the chain is verified against a head that was noted."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.audit.record import ChainBreak, first_break
from tests.portal.audit.trail import write

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
