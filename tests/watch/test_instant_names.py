"""A sighting is named by the leases that are at hand, else by its address."""

from pathlib import Path

from quetsach.watch.keeping import sightings_in
from tests.watch.conftest import Start
from tests.watch.watched import Watched, eve

KEA = "address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state\n"
FIRST = "pc-1 (02-00-00-00-00-01)"


def _lease(address: str, mac: str, host: str, begin: int) -> str:
    return f"{address},{mac},,86400,{begin + 86400},1,0,0,{host},0\n"


def _devices(watched: Watched) -> list[tuple[str, str]]:
    return [
        (row["quetsach.device"], row["quetsach.device.way"])
        for batch in sightings_in(watched.state)
        for row in batch.to_pylist()
    ]


def test_a_lease_in_a_followed_file_names_the_device_at_once(tmp_path: Path, start: Start) -> None:
    leases, log = tmp_path / "kea-leases4.csv", tmp_path / "eve.json"
    watched = start(leases, log)
    begin = 1_795_999_000
    watched.write(leases, (KEA + _lease("10.1.2.3", "02:00:00:00:00:01", "pc-1", begin)).encode())
    watched.write(log, eve(0) + eve(1, client="10.1.2.9"))
    watched.go(2)
    assert _devices(watched) == [(FIRST, "lease"), ("10.1.2.9", "direct")]
    watched.stop()
    watched.start()
    watched.write(log, eve(2))
    watched.go(2)
    assert _devices(watched)[-1] == (FIRST, "lease")
    watched.write(leases, _lease("10.1.2.9", "02:00:00:00:00:09", "pc-9", begin).encode())
    watched.go(2)
    watched.write(log, eve(3, client="10.1.2.9"))
    watched.go(2)
    assert _devices(watched)[-1] == ("pc-9 (02-00-00-00-00-09)", "lease")
