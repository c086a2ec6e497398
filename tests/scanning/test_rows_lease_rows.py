"""Records of who held an address: as rows, with nothing lost and nobody passing for another."""

from typing import Any, cast

import pyarrow as pa
import pytest

from quetsach.scanning.rows import LEASE_BATCH_ROWS, LeaseRows
from quetsach.schema import Event

MAC = "00-17-A4-B2-C3-D4"


def _rows(*events: dict[str, Any], batch_rows: int = LEASE_BATCH_ROWS) -> list[dict[str, Any]]:
    found = LeaseRows(batch_rows)
    found.add([(place, cast("Event", one)) for place, one in enumerate(events)], 3)
    content = found.to_ipc()
    return pa.ipc.open_stream(content).read_all().to_pylist() if content else []


def test_a_lease_keeps_who_when_how_long_and_where_it_stands() -> None:
    lease = {"host.ip": "10.0.0.5", "@timestamp": 7, "host.mac": MAC}
    more = {"host.name": "PC-1", "quetsach.lease.seconds": 60, "quetsach.lease.act": "released"}
    assert _rows({}, {**lease, **more}) == [
        {
            "address": "10.0.0.5",
            "when_us": 7,
            "act": "released",
            "mac": MAC,
            "client_id": None,
            "host_name": "PC-1",
            "seconds": 60,
            "server": None,
            "rough": False,
            "file": 3,
            "offset": 1,
        }
    ]
    assert _rows(lease)[0]["act"] == "given"


def test_a_lease_without_time_or_machine_names_nobody() -> None:
    assert not _rows(
        {"host.ip": "10.0.0.5", "host.name": "PC-1"}, {"host.ip": "10.0.0.5", "@timestamp": 7}
    )


@pytest.mark.parametrize("name", ["10.0.0.9", f"PC ({MAC})", "00:17:a4:b2:c3:d4"])
def test_a_name_that_looks_like_the_key_of_another_names_nobody(name: str) -> None:
    lease = {"host.ip": "10.0.0.5", "@timestamp": 7, "host.name": name}
    assert not _rows(lease)
    assert len(_rows({**lease, "host.mac": MAC})) == 1


def test_no_row_is_lost_between_batches() -> None:
    leases = [{"host.ip": "10.0.0.5", "@timestamp": n, "host.mac": MAC} for n in range(5)]
    assert [one["when_us"] for one in _rows(*leases, batch_rows=2)] == [0, 1, 2, 3, 4]
