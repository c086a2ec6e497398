"""Policy zones: BIND's checker loads them, Unbound answers by them."""

import subprocess
from pathlib import Path

import pytest

from quetsach.blocklists.contract import BlockReason, Mode, Policy
from tests.blocklists.asking import NOERROR, NXDOMAIN, Answer, ask
from tests.blocklists.making import (
    EXACT,
    indicators,
    make,
    mixed,
    program,
)
from tests.blocklists.resolving import (
    LISTED,
    NEVER_BLOCK,
    TRUTH,
    forward,
    free_port,
    running,
    unbound,
    upstream,
    write,
)


def test_a_name_too_long_for_a_zone_is_left_out_of_it() -> None:
    long = ".".join(["a" * 60] * 4)
    made = make("rpz", (*mixed(), *indicators(f"{long}.example")))
    assert BlockReason.TOO_LONG in {one.why for one in made.chosen.left_out}


def test_serials_rise_and_undoing_rises_above_them() -> None:
    def serial(text: str) -> int:
        return int(text.split(" SOA ")[1].split()[2])

    made = make("rpz", mixed())
    assert serial(made.files["quetsach.rpz"]) == made.about.serial
    assert serial(made.undo["quetsach.rpz"]) == made.about.serial + 1


@pytest.mark.parametrize("policy", [Policy.NODATA, Policy.REDIRECT])
@pytest.mark.parametrize("form", ["unbound", "rpz"])
def test_a_resolver_answers_by_the_policy(form: str, policy: Policy, tmp_path: Path) -> None:
    sensor = ("10.9.8.7",) if policy is Policy.REDIRECT else ()
    made = make(form, LISTED, Mode.BLOCK, policy=policy, sensor=sensor)
    path = write(made, tmp_path)
    port = free_port()
    extra = _rpz(path) if form == "rpz" else f'include: "{path}"\n'
    with (
        upstream(tmp_path) as truth,
        running(unbound(tmp_path, port, extra + forward(truth)), port),
    ):
        for name in ("below.bad.example", "a.below.bad.example", EXACT):
            assert ask(port, name) == Answer(NOERROR, sensor), name
        assert ask(port, f"www.{EXACT}").addresses == ("198.51.100.9",)


def _rpz(path: Path) -> str:
    return (
        'module-config: "respip validator iterator"\n'
        f'rpz:\n name: rpz.local\n zonefile: "{path}"\n rpz-log: yes\n rpz-log-name: seen\n'
    )


def test_a_zone_is_loaded_by_the_checker_of_bind(tmp_path: Path) -> None:
    checker = program("named-checkzone", "bind9-utils")
    for mode in Mode:
        made = make("rpz", mixed(), mode, never_block=NEVER_BLOCK)
        for number, text in enumerate((*made.files.values(), *made.undo.values())):
            path = tmp_path / f"{mode}-{number}.zone"
            path.write_text(text)
            checked = subprocess.run([checker, "rpz.local", path], capture_output=True, text=True)
            assert checked.returncode == 0, checked.stdout + checked.stderr


def test_a_zone_blocks_as_the_rules_say_and_lets_the_belt_pass(tmp_path: Path) -> None:
    made = make("rpz", LISTED, Mode.BLOCK, never_block=NEVER_BLOCK)
    path = write(made, tmp_path)
    port = free_port()
    with (
        upstream(tmp_path) as truth,
        running(unbound(tmp_path, port, _rpz(path) + forward(truth)), port),
    ):
        assert ask(port, "below.bad.example").code == NXDOMAIN
        assert ask(port, "deep.down.below.bad.example").code == NXDOMAIN
        assert ask(port, EXACT).code == NXDOMAIN
        assert ask(port, f"www.{EXACT}").addresses == ("198.51.100.9",)
        assert ask(port, "mail.huyen.example").addresses == ("198.51.100.9",)
        assert ask(port, made.about.test_name).code == NXDOMAIN
        assert ask(port, made.about.loaded_name).addresses == (made.about.test_address,)


def test_a_zone_blocks_answers_with_a_listed_address_or_network(tmp_path: Path) -> None:
    truth_lines = TRUTH + (
        'local-zone: "one.example." redirect\nlocal-data: "one.example. IN A 203.0.113.77"\n'
        'local-zone: "near.example." redirect\nlocal-data: "near.example. IN A 203.0.113.76"\n'
        'local-zone: "net.example." redirect\nlocal-data: "net.example. IN A 198.51.100.70"\n'
        'local-zone: "out.example." redirect\nlocal-data: "out.example. IN A 198.51.100.130"\n'
    )
    made = make(
        "rpz", indicators("203.0.113.77", "198.51.100.0/25"), Mode.BLOCK, never_block=NEVER_BLOCK
    )
    path = write(made, tmp_path)
    source, port = free_port(), free_port()
    with (
        running(unbound(tmp_path, source, truth_lines), source),
        running(unbound(tmp_path, port, _rpz(path) + forward(source)), port),
    ):
        assert ask(port, "one.example").code == NXDOMAIN
        assert ask(port, "net.example").code == NXDOMAIN
        assert ask(port, "near.example").addresses == ("203.0.113.76",)
        assert ask(port, "out.example").addresses == ("198.51.100.130",)


def test_a_zone_that_watches_stops_nothing_and_is_logged(tmp_path: Path) -> None:
    made = make("rpz", LISTED, Mode.WATCH, never_block=NEVER_BLOCK)
    path = write(made, tmp_path)
    port = free_port()
    with (
        upstream(tmp_path) as truth,
        running(unbound(tmp_path, port, _rpz(path) + forward(truth)), port),
    ):
        assert ask(port, "a.below.bad.example").addresses == ("198.51.100.9",)
        assert ask(port, EXACT).addresses == ("198.51.100.9",)
    log = (tmp_path / f"unbound-{port}.log").read_text()
    assert "rpz-passthru" in log
    assert "a.below.bad.example" in log
