"""Options that several commands take as one are the same in each."""

import click
import pytest

from quetsach.cli import answer_slip, export, letter_answer, push

TRACED = {"evidence", "leases", "nat", "inventory", "plan", "public", "overrides", "zone"}
TOLD = {"with_machines", "audience", "source"}


@pytest.mark.parametrize(
    ("command", "names"),
    [
        (letter_answer.command, TRACED),
        (answer_slip.command, TRACED),
        (push.command, TOLD),
        (export.command, TOLD),
    ],
    ids=["letter answer", "answer-slip", "push", "export"],
)
def test_a_command_has_every_option_of_its_group_once(
    command: click.Command, names: set[str]
) -> None:
    options = [option.name for option in command.params]
    assert names <= set(options)
    assert len(options) == len(set(options))
