"""The real dnsmasq loads the file, and answers by it."""

import subprocess
from pathlib import Path

from quetsach.blocklists.contract import Mode, Policy
from tests.blocklists.asking import NXDOMAIN, ask
from tests.blocklists.making import EXACT, make, program
from tests.blocklists.resolving import (
    LISTED,
    NEVER_BLOCK,
    dnsmasq,
    free_port,
    running,
    upstream,
    write,
)


def test_dnsmasq_blocks_as_the_rules_say(tmp_path: Path) -> None:
    made = make("dnsmasq", LISTED, Mode.BLOCK, never_block=NEVER_BLOCK)
    path = write(made, tmp_path)
    tested = subprocess.run(
        [program("dnsmasq", "dnsmasq-base"), "--test", f"--conf-file={path}"], capture_output=True
    )
    assert tested.returncode == 0, tested.stderr
    port = free_port()
    with upstream(tmp_path) as truth, running(dnsmasq(path, port, truth), port):
        assert ask(port, "below.bad.example").code == NXDOMAIN
        assert ask(port, "deep.down.below.bad.example").code == NXDOMAIN
        assert ask(port, EXACT).addresses == ("0.0.0.0",)
        assert ask(port, f"www.{EXACT}").addresses == ("198.51.100.9",)
        assert ask(port, "mail.huyen.example").addresses == ("198.51.100.9",)
        assert ask(port, made.about.test_name).addresses == ("0.0.0.0",)
        assert ask(port, made.about.loaded_name).addresses == (made.about.test_address,)


def test_dnsmasq_leads_names_to_the_sensor(tmp_path: Path) -> None:
    made = make(
        "dnsmasq", LISTED, Mode.BLOCK, policy=Policy.REDIRECT, sensor=("10.9.8.7", "fd00::7")
    )
    path = write(made, tmp_path)
    port = free_port()
    with upstream(tmp_path) as truth, running(dnsmasq(path, port, truth), port):
        assert ask(port, "a.below.bad.example").addresses == ("10.9.8.7",)
        assert ask(port, EXACT).addresses == ("10.9.8.7",)
