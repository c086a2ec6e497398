"""A job can be sent to another process and gives the same tools there."""

import pickle

from quetsach.scanning.job import ReadOptions, ScanJob, inside_networks, prepare
from tests.scanning.generated import indicators

LINES = b"10.0.0.5 www.bad.example\n10.0.0.5 good.example\n192.0.2.9 203.0.113.77"


def test_a_job_survives_the_way_to_another_process() -> None:
    job = ScanJob(indicators(), ReadOptions(inside=("192.0.2.0/24",), since_us=5))
    copy = pickle.loads(pickle.dumps(job))
    assert copy == job
    scans = [prepare(one).sieve.scan(LINES, None, None) for one in (job, copy)]
    assert scans[0] == scans[1]
    assert len(scans[0].candidates) == 2


def test_inside_is_what_the_options_say() -> None:
    private = {str(one) for one in inside_networks(ReadOptions())}
    assert {"10.0.0.0/8", "192.168.0.0/16", "fc00::/7"} <= private
    tools = prepare(ScanJob(indicators(), ReadOptions(inside=("192.0.2.0/24",))))
    assert [str(one) for one in tools.inside] == ["192.0.2.0/24"]
    (hour,) = tools.sieve.scan(LINES, None, None).hours
    assert len(hour.alive) == 1
