"""Squid parses the access lists without a complaint."""

import subprocess
from pathlib import Path

import pytest

from quetsach.blocklists.contract import Mode
from tests.blocklists.loading import written
from tests.blocklists.making import indicators, make, mixed, program


@pytest.mark.parametrize("mode", list(Mode))
def test_squid_parses_the_access_lists_without_a_complaint(mode: Mode, tmp_path: Path) -> None:
    squid = program("squid", "squid")
    made = make(
        "squid",
        (*mixed(), *indicators("https://[2001:db8::9]:8080/a", "http://203.0.113.9/x(1)?b=[2]$")),
        mode,
    )
    path = written(dict(made.files), tmp_path)
    config = tmp_path / "squid.conf"
    config.write_text(
        f"http_port 127.0.0.1:3999\ncoredump_dir {tmp_path}\npid_filename {tmp_path}/pid\n"
        f"cache_log {tmp_path}/cache.log\naccess_log none\n"
        f"include {path}\nhttp_access allow all\n"
    )
    done = subprocess.run([squid, "-k", "parse", "-f", config], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    complaints = [line for line in done.stderr.splitlines() if "WARNING" in line or "ERROR" in line]
    assert complaints == []
