"""Every command is tried under faults, or its reason stands in the table."""

from collections.abc import Iterator

import click

from quetsach.cli.main import cli
from tools.faults.campaign import SampledFaults
from tools.faults.commands import COMMANDS, LEFT_OUT
from tools.faults.sites import Site, faults_at


def _commands(command: click.Command, words: tuple[str, ...], ctx: click.Context) -> Iterator[str]:
    if not isinstance(command, click.Group):
        yield " ".join(words)
        return
    for name in command.list_commands(ctx):
        below = command.get_command(ctx, name)
        assert below is not None
        yield from _commands(below, (*words, name), ctx)


def test_each_command_of_the_tree_is_tried_or_left_out_with_a_reason() -> None:
    tree = set(_commands(cli, (), click.Context(cli)))
    tried = {name.partition(" (")[0] for name in COMMANDS}
    assert tried | set(LEFT_OUT) == tree
    assert not tried & set(LEFT_OUT)
    assert all(len(reason) > 20 for reason in LEFT_OUT.values())


def test_what_is_typed_is_the_command_of_its_name() -> None:
    for name, command in COMMANDS.items():
        words = name.partition(" (")[0].split()
        # `fill` may be omitted.
        assert list(command.words[: len(words)]) == words or name == "report fill", name


def test_a_sample_is_the_same_for_the_same_seed_and_gives_each_kind_a_turn() -> None:
    sites = [Site("write", "out/a", 9), Site("rename", "out/a", 1), Site("read", "in/b", 4)]
    faults = list(faults_at(sites))
    assert len(faults) == 3 * 5 + 3 + 3 * 2
    sample = SampledFaults("7", 10)("sweep", faults)
    assert sample == SampledFaults("7", 10)("sweep", faults)
    assert len({(fault.call, fault.kind) for fault in sample}) == 10
    assert sample != SampledFaults("8", 10)("sweep", faults)
