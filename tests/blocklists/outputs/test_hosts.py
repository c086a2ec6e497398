"""Lines for a hosts file: a real resolver reads them, the script removes exactly them."""

import subprocess
from pathlib import Path

from quetsach.blocklists.contract import Mode
from quetsach.indicators.model import (
    MatchRule,
)
from tests.blocklists.asking import REFUSED, ask
from tests.blocklists.exchanged import read_back
from tests.blocklists.making import EXACT, indicators, make, mixed, program
from tests.blocklists.resolving import (
    LISTED,
    free_port,
    running,
    write,
)


def test_the_scripts_are_shell_by_the_word_of_the_shell(tmp_path: Path) -> None:
    for form in ("ipset", "hosts"):
        made = make(form, mixed())
        scripts = {**made.files, **made.undo}
        for name, text in scripts.items():
            if name.endswith(".sh"):
                checked = subprocess.run(["sh", "-n"], input=text, capture_output=True, text=True)
                assert (checked.returncode, checked.stderr) == (0, ""), name


def test_the_script_takes_our_lines_out_of_a_hosts_file_and_nothing_else(tmp_path: Path) -> None:
    made = make("hosts", indicators("bad.example"))
    other = make("hosts", indicators("other.example"), name="quetsach-2")
    hosts = tmp_path / "hosts"
    before = "127.0.0.1 localhost\n10.0.0.5 printer # BEGIN quetsach\n"
    after = "# the end of it\n"
    (text,), (kept,) = made.files.values(), other.files.values()
    hosts.write_text(before + kept + text + after)
    for _ in range(2):
        undone = subprocess.run(
            ["sh", "-s", hosts], input=made.undo["undo-hosts.sh"], capture_output=True, text=True
        )
        assert undone.returncode == 0, undone.stderr
        assert hosts.read_text() == before + kept + after


def test_hosts_lines_are_read_back_as_the_names_they_block(tmp_path: Path) -> None:
    back = read_back("hosts", indicators("bad.example"), tmp_path)
    keys = {one.key for one in back.indicators}
    assert {"bad.example", "www.bad.example"} <= keys
    assert all(one.rule is MatchRule.EXACT for one in back.indicators)


def test_the_lines_for_a_hosts_file_are_read_by_a_real_resolver(tmp_path: Path) -> None:
    made = make("hosts", LISTED, Mode.BLOCK)
    path = write(made, tmp_path)
    port = free_port()
    command = [
        program("dnsmasq", "dnsmasq-base"),
        "--keep-in-foreground",
        f"--port={port}",
        "--listen-address=127.0.0.1",
        "--bind-interfaces",
        "--no-resolv",
        "--user=",
        "--pid-file=",
        "--conf-file=/dev/null",
        "--no-hosts",
        f"--addn-hosts={path}",
    ]
    with running(command, port):
        for name in ("below.bad.example", "www.below.bad.example", EXACT):
            assert ask(port, name).addresses == ("0.0.0.0",), name
        assert ask(port, made.about.loaded_name).addresses == (made.about.test_address,)
        assert ask(port, f"www.{EXACT}").code == REFUSED
        assert ask(port, "deep.below.bad.example").code == REFUSED
