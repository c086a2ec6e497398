"""A web process asks nothing of a database that it has not looked at."""

from typing import Any

import pytest
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder

from quetsach_portal.config import schema_gate
from quetsach_portal.config.front import NotAdmitted
from quetsach_portal.config.schema_gate import SchemaGate

pytestmark = pytest.mark.django_db(transaction=True)


def answer_of(gate: SchemaGate, path: str = "/") -> tuple[str, bytes]:
    told: list[str] = []
    environ = {"PATH_INFO": path, "REQUEST_METHOD": "GET"}
    body = b"".join(gate(environ, lambda status, _headers: told.append(status)))
    return told[0], body


def application(_environ: dict[str, Any], start: Any) -> list[bytes]:
    start("200 OK", [])
    return [b"served"]


def test_a_database_that_was_away_is_looked_at_when_it_comes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def is_away() -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(schema_gate, "LOOKED_EVERY_S", 0.0)
    gate = SchemaGate(application)
    admit = gate.admitting(lambda _environ, length: length)  # type: ignore[arg-type,return-value]
    with monkeypatch.context() as away:
        away.setattr(schema_gate, "refuse_other_database", is_away)
        assert not gate.look()
        status, page = answer_of(gate)
        assert status.startswith("503")
        assert "Cổng tạm thời chưa trả lời được" in page.decode()
        assert b'"retry_after"' in answer_of(gate, "/api/v1/x")[1]
        with pytest.raises(NotAdmitted) as refused:
            admit({}, 5)
        assert refused.value.status == 503
    assert answer_of(gate) == ("200 OK", b"served")
    assert admit({}, 5) == 5


def test_the_database_of_another_version_is_never_served(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema_gate, "LOOKED_EVERY_S", 0.0)
    recorder = MigrationRecorder(connection)
    recorder.record_applied("audit", "0999_of_the_future")
    try:
        gate = SchemaGate(application)
        assert answer_of(gate)[0].startswith("503")
    finally:
        recorder.record_unapplied("audit", "0999_of_the_future")
    assert answer_of(gate)[0] == "200 OK"
