"""The real nft loads the table, follows the difference, and undoes it."""

import json
import subprocess
from pathlib import Path

import pytest

from quetsach.blocklists.contract import Mode
from quetsach.indicators.model import (
    Claim,
)
from tests.blocklists.loading import namespace, need_namespace, next_release, written
from tests.blocklists.making import (
    AT_US,
    DAY_US,
    indicators,
    make,
    mixed,
    program,
)


def test_an_entry_stands_no_longer_than_it_is_valid() -> None:
    brief = indicators("203.0.113.77", claim=Claim(valid_until_us=AT_US + DAY_US + 90 * 1_000_000))
    assert "203.0.113.77 timeout 86490s" in make("nftables", brief).files["quetsach.nft"]
    assert "203.0.113.77 timeout 86490 " in make("ipset", brief).files["quetsach.ipset"]
    assert "timeout=1d00:01:30" in make("mikrotik", brief).files["quetsach.rsc"]


def _nft(*steps: str) -> subprocess.CompletedProcess[str]:
    nft = program("nft", "nftables")
    need_namespace()
    script = " && ".join(step.replace("nft", nft, 1) for step in steps)
    done = namespace("sh", "-c", script)
    if "Operation not permitted" in done.stderr or "not supported" in done.stderr:
        pytest.skip(f"nft may not run here: {done.stderr[:200]}: NOT loaded by the real program")
    return done


@pytest.mark.parametrize("mode", list(Mode))
def test_nft_loads_the_table_twice_and_undoes_it(mode: Mode, tmp_path: Path) -> None:
    made = make("nftables", mixed(), mode)
    path = written({**made.files, **made.undo}, tmp_path)
    done = _nft(
        f"nft -c -f {path}",
        f"nft -f {path}",
        f"nft -f {path}",
        "nft -j list ruleset",
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)["nftables"]
    sets = {one["set"]["name"]: one["set"].get("elem", []) for one in found if "set" in one}
    assert {str(one["elem"]["val"]) for one in sets["addresses4"]} == {
        "203.0.113.77",
        made.about.test_address,
    }
    assert len(sets["networks4"]) == 1, "198.51.100.64/26 lies in 198.51.100.0/25"
    assert all(len(sets[name]) == 1 for name in ("addresses6", "networks6", "ports4", "ports6"))
    lifetimes = {one["elem"]["timeout"] for one in sets["addresses4"]}
    assert lifetimes == {30 * 86400}
    verdict = "drop" if mode is Mode.BLOCK else "accept"
    rules = [one["rule"]["expr"] for one in found if "rule" in one]
    logging = [expr for expr in rules if "log" in expr[-1]]
    deciding = [expr for expr in rules if verdict in expr[-1]]
    assert len(logging) == len(deciding) == 16
    assert all(any("counter" in part for part in expr) for expr in deciding)
    assert all(any("limit" in part for part in expr) for expr in logging)
    undone = _nft(
        f"nft -f {path}",
        f"nft -f {tmp_path}/undo.nft",
        f"nft -f {tmp_path}/undo.nft",
        "nft list ruleset",
    )
    assert (undone.returncode, undone.stdout) == (0, ""), undone.stderr


def test_nft_goes_from_release_to_release_by_the_difference(tmp_path: Path) -> None:
    old = make("nftables", indicators("203.0.113.77", "203.0.113.78:443", "198.51.100.0/25"))
    new = next_release(old, "nftables", "203.0.113.77", "203.0.113.79", "2001:db8::1")
    first = written(dict(old.files), tmp_path)
    delta = written(dict(new.delta), tmp_path)
    # Twice: what is gone already must not stop the rest.
    done = _nft(f"nft -f {first}", f"nft -f {delta}", f"nft -f {delta}", "nft list ruleset")
    assert done.returncode == 0, done.stderr
    for came in ("203.0.113.77", "203.0.113.79", "2001:db8::1", new.about.test_address):
        assert came in done.stdout
    assert "203.0.113.78" not in done.stdout
    assert "198.51.100.0/25" not in done.stdout
