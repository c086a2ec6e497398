"""Files of released addresses are taken by the programs that they are for."""

import subprocess
from pathlib import Path

import pytest

from quetsach_public.block_page.releasing import client, rules, zone
from tests.blocklists.making import program

UNTIL = {"192.168.1.20": 500.0, "fd00::1": 900.0, "2001:db8:0:1::5": 900.0, "::1": 900.0}


@pytest.mark.parametrize(
    ("address", "owner"),
    [
        ("192.168.1.20", "32.20.1.168.192.rpz-client-ip"),
        ("2001:db8::5", "128.5.zz.db8.2001.rpz-client-ip"),
        ("fd00::", "128.zz.fd00.rpz-client-ip"),
        ("::1", "128.1.zz.rpz-client-ip"),
    ],
)
def test_a_client_has_the_name_that_rpz_gives_it(address: str, owner: str) -> None:
    assert client(address) == owner


def test_the_zone_is_taken_by_the_checker_of_bind(tmp_path: Path) -> None:
    path = tmp_path / "released.rpz"
    for until in ({}, UNTIL):
        path.write_text(zone(until, 7))
        command = [program("named-checkzone", "bind9-utils"), "released.rpz", path]
        checked = subprocess.run(command, capture_output=True, text=True)
        assert checked.returncode == 0, checked.stdout


def test_the_set_is_taken_by_nftables_and_holds_each_time(tmp_path: Path) -> None:
    text = rules(UNTIL, 100.0)
    assert "released4 { 192.168.1.20 timeout 400s }" in text
    path = tmp_path / "released.nft"
    path.write_text(text + text)
    command = [program("unshare", "util-linux"), "-rn", program("nft", "nftables"), "-f", str(path)]
    loaded = subprocess.run(command, capture_output=True, text=True)
    if "Operation not permitted" in loaded.stderr:
        pytest.skip("no network namespace may be made here: NOT loaded by the real nftables")
    assert loaded.returncode == 0, loaded.stderr
