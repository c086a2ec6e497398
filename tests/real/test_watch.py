"""Real logs that grow at random bytes, watched and sealed: as one sweep of the whole logs."""

import os
import random
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from quetsach.api.ledger import import_ledger
from quetsach.findings.shape import examine_findings
from quetsach.indicators.model import IndicatorSet
from quetsach.indicators.options import ListOptions
from quetsach.indicators.read import read_lists
from quetsach.scanning.job import ReadOptions, ScanJob, prepare
from quetsach.sweeping.sweep import SweepRequest, sweep
from quetsach.watch.sealing import HOURLY, Sealer
from tests.watch.watched import Watched

_LOGS = (
    "evidence/zeek-json/slips-test9-mixed-zeek-dir/dns.log",
    "evidence/zeek-json/slips-test9-mixed-zeek-dir/ssl.log",
    "evidence/zeek-json/slips-test14-malicious-zeek-dir/http.log",
    "evidence/zeek-tsv/slips-test10-mixed-zeek-dir/dns.log",
    "evidence/suricata-eve/crowdsec/crowdsec-suricata-logs-evelog.log",
    "evidence/firewall/fortigate/sekoia-fortigate.log",
    "evidence/firewall/paloalto/sekoia-paloalto-ngfw.log",
)
_CUTS = 12
_SEALED_EACH = 4


@pytest.fixture(scope="module")
def tokens(
    cross_hits: dict[str, list[str]], tmp_path_factory: pytest.TempPathFactory
) -> IndicatorSet:
    """Return what stands in a list and in one of the logs."""
    met = sorted(token for token, files in cross_hits.items() if set(files) & set(_LOGS))
    listed = tmp_path_factory.mktemp("watch") / "tokens.txt"
    listed.write_text("".join(f"{token}\n" for token in met), encoding="utf-8")
    return read_lists([listed], ListOptions(accept_private=True))


@pytest.mark.parametrize("name", _LOGS)
def test_a_log_that_grows_is_the_whole_log(
    data: Path, tokens: IndicatorSet, tmp_path: Path, name: str
) -> None:
    whole = (data / name).read_bytes()
    log, rng = tmp_path / Path(name).name, random.Random(name)
    request = SweepRequest([str(log)], tokens, tmp_path / "swept", ReadOptions())
    watched = Watched(tmp_path / "state", [log], prepare(ScanJob(tokens, request.options)))
    # As a file of that age, so that lines without a year have the same one.
    watched.now_s = (data / name).stat().st_mtime
    cuts = sorted(rng.randrange(len(whole)) for _ in range(_CUTS))
    sealer = Sealer(watched.state, request, watched.tools, tmp_path / "sealed")
    folders: list[Path] = []
    for number, (first, last) in enumerate(zip([0, *cuts], [*cuts, len(whole)], strict=True)):
        watched.write(log, whole[first:last])
        watched.go(2)
        is_last = last == len(whole)
        if is_last:
            watched.go(2, wait_s=40)
            watched.state.run("UPDATE stream SET state = 'done'")
        if is_last or number % _SEALED_EACH == _SEALED_EACH - 1:
            sealed = sealer.seal(HOURLY, int(watched.now_s * 1e6))
            folders += [] if sealed is None else [sealed.path]
    watched.stop()
    os.utime(log, ((data / name).stat().st_mtime,) * 2)
    sweep(request)
    for folder in folders:
        examine_findings(folder)
    assert _numbers(*folders) == _numbers(tmp_path / "swept")
    added, swept = import_ledger(folders), import_ledger([tmp_path / "swept"])
    assert (added.lines, added.numbers) == (swept.lines, swept.numbers)


def _numbers(*folders: Path) -> list[str]:
    """Return the numbers of all sightings, each as often as it is told."""
    tables = [
        pq.read_table(one / "sightings.parquet", columns=["quetsach.sighting.id"])
        for one in folders
    ]
    return sorted(number for table in tables for number in table.column(0).to_pylist())
