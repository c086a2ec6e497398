"""`quetsach blocklist prove` in words, as JSON and by its exit code."""

import json
from pathlib import Path

from quetsach.blocklists.contract import Mode
from quetsach.blocklists.folder import write_folder
from tests.blocklists.making import make
from tests.blocklists.resolving import LISTED, forward, free_port, running, unbound, upstream, write
from tests.cli.running import quetsach_here


def test_a_block_that_works_and_one_that_does_not(tmp_path: Path) -> None:
    made = make("unbound", LISTED, Mode.BLOCK)
    path, port = write(made, tmp_path), free_port()
    write_folder(tmp_path / "release", made.folder())
    asked = ("blocklist", "prove", "--resolver", f"127.0.0.1:{port}")
    with upstream(tmp_path) as truth:
        command = unbound(tmp_path, port, f'include: "{path}"\n{forward(truth)}')
        with running(command, port):
            run = quetsach_here(*asked, "--release", tmp_path / "release")
            assert run.returncode == 0
            assert f"{made.about.test_name}: NODATA" in run.stdout.decode()
            run = quetsach_here(*asked, "--name", "good.example", "--json")
            assert run.returncode == 2
            assert json.loads(run.stdout)["verdict"] == "not-blocked"


def test_nobody_there_and_nothing_to_ask(tmp_path: Path) -> None:
    asked = ("blocklist", "prove", "--resolver")
    assert quetsach_here(*asked, "10.0.0.1").returncode == 2
    run = quetsach_here(*asked, "resolver.example", "--name", "bad.example")
    assert run.returncode == 2
    assert b"E601" in run.stderr
