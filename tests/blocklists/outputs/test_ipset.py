"""The real ipset loads the sets, follows the difference, and undoes them."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.blocklists.loading import namespace, need_namespace, next_release, written
from tests.blocklists.making import (
    indicators,
    make,
    mixed,
    program,
)


def test_ipset_is_given_no_longer_time_than_it_takes() -> None:
    made = make("ipset", indicators("203.0.113.77"), days=365)
    assert {int(one) for one in re.findall(r"timeout (\d+)", made.files["quetsach.ipset"])} == {
        2147483
    }


def _ipset(*steps: str) -> subprocess.CompletedProcess[str]:
    ipset = program("ipset", "ipset")
    need_namespace()
    if namespace(ipset, "create", "probe", "hash:net").returncode != 0:
        pytest.skip("this kernel gives no ipset here: NOT loaded by the real program")
    return namespace("sh", "-c", " && ".join(step.replace("ipset", ipset, 1) for step in steps))


def test_ipset_loads_the_sets_twice_follows_the_difference_and_undoes_them(tmp_path: Path) -> None:
    made = make("ipset", mixed())
    path = written({**made.files, **made.undo}, tmp_path)
    done = _ipset(f"ipset restore -f {path}", f"ipset restore -f {path}", "ipset save")
    assert done.returncode == 0, done.stderr
    members = [line.split()[1:3] for line in done.stdout.splitlines() if line.startswith("add ")]
    assert ["quetsach-4", "198.51.100.0/25"] in members
    assert ["quetsach-p4", "203.0.113.78,tcp:443"] in members
    assert ["quetsach-p6", "2001:db8::2,udp:8443"] in members
    assert len(members) == 3 + 1 + 2 + 2 + 2
    new = next_release(made, "ipset", "203.0.113.77", "203.0.113.99")
    delta = written(dict(new.delta), tmp_path)
    changed = _ipset(
        f"ipset restore -f {path}",
        f"ipset restore -f {delta}",
        "ipset save",
        f"ipset restore -f {tmp_path}/undo.ipset",
    )
    assert changed.returncode == 0, changed.stderr
    assert "203.0.113.99" in changed.stdout
    assert "198.51.100.0/25" not in changed.stdout


def test_no_name_of_a_set_is_longer_than_ipset_takes() -> None:
    made = make("ipset", mixed(), name="a" * 24)
    words = made.files[f"{'a' * 24}.ipset"].split()
    assert max(len(word) for word in words if word.startswith("aaa")) <= 31
