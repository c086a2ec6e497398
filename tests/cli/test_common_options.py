"""What every command takes without naming it."""

import click

from quetsach.cli.common_options import with_common
from quetsach.cli.run_settings import RunSettings


def _command(name: str) -> click.Command:
    return click.Command(
        name,
        params=[click.Option(["--plan"], multiple=True), click.Option(["--workers"], type=int)],
        callback=lambda **options: options,
    )


def _run(command: click.Command, *words: str) -> object:
    settings = RunSettings(options={"plan": ("a", "b"), "workers": 3, "zone": "UTC"})
    return command.main(list(words), obj=settings, standalone_mode=False)


def test_settings_are_defaults_of_the_options_that_a_command_has() -> None:
    command = with_common(_command("sweep"))
    assert _run(command) == {"plan": ("a", "b"), "workers": 3}
    assert _run(command, "--workers", "1", "--plan", "c") == {"plan": ("c",), "workers": 1}


def test_it_is_added_once_and_to_all_below_a_group() -> None:
    group = click.Group("g", commands={"below": _command("below")})
    with_common(with_common(group))
    assert len(group.commands["below"].params) == len(with_common(_command("x")).params)
    assert _run(group, "below") == {"plan": ("a", "b"), "workers": 3}


def test_the_portals_commands_mean_something_else_by_these_names() -> None:
    assert _run(with_common(_command("serve"))) == {"plan": (), "workers": None}
