"""The real Unbound loads the zones, and answers by them."""

from pathlib import Path

from quetsach.blocklists.contract import Mode
from tests.blocklists.asking import NOERROR, NXDOMAIN, Answer, ask
from tests.blocklists.making import EXACT, make
from tests.blocklists.resolving import (
    LISTED,
    NEVER_BLOCK,
    forward,
    free_port,
    running,
    unbound,
    upstream,
    write,
)


def test_unbound_blocks_as_the_rules_of_the_names_say(tmp_path: Path) -> None:
    made = make("unbound", LISTED, Mode.BLOCK, never_block=NEVER_BLOCK)
    path = write(made, tmp_path)
    port = free_port()
    with upstream(tmp_path) as truth:
        command = unbound(tmp_path, port, f'include: "{path}"\n{forward(truth)}')
        with running(command, port):
            assert ask(port, "below.bad.example").code == NXDOMAIN
            assert ask(port, "deep.down.below.bad.example").code == NXDOMAIN
            assert ask(port, EXACT) == Answer(NOERROR, ())
            assert ask(port, f"www.{EXACT}").addresses == ("198.51.100.9",)
            assert ask(port, "mail.huyen.example").addresses == ("198.51.100.9",), "never blocked"
            assert ask(port, "bad.example").addresses == ("198.51.100.9",)
            assert ask(port, made.about.test_name).addresses == ()
            assert ask(port, made.about.loaded_name).addresses == (made.about.test_address,)


def test_unbound_that_watches_answers_the_truth_and_writes_it_down(tmp_path: Path) -> None:
    made = make("unbound", LISTED, Mode.WATCH, never_block=NEVER_BLOCK)
    path = write(made, tmp_path)
    port = free_port()
    with upstream(tmp_path) as truth:
        command = unbound(tmp_path, port, f'include: "{path}"\n{forward(truth)}')
        with running(command, port):
            assert ask(port, "c2.below.bad.example").addresses == ("198.51.100.9",)
            assert ask(port, made.about.test_name).addresses == ("198.51.100.9",)
            assert ask(port, "mail.huyen.example").addresses == ("198.51.100.9",)
    log = (tmp_path / f"unbound-{port}.log").read_text()
    assert "c2.below.bad.example" in log
    assert made.about.test_name in log
    assert "mail.huyen.example" not in log
