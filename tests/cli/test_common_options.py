"""What every command takes without naming it."""

import logging

import click
import pytest

from quetsach.cli.common_options import near_words, with_common
from quetsach.cli.run_settings import RunSettings
from quetsach.texts import in_language
from tests.cli.running import quetsach


def _command(name: str) -> click.Command:
    return click.Command(
        name,
        params=[click.Option(["--plan"], multiple=True), click.Option(["--workers"], type=int)],
        callback=lambda **options: options,
    )


def _run(command: click.Command, *words: str) -> object:
    settings = RunSettings(
        options={"plan": ("a", "b"), "workers": 3, "zone": "UTC"}, origins={"plan": "f:1"}
    )
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
    assert _run(with_common(with_common(_command("serve")))) == {"plan": (), "workers": None}


def test_verbose_and_quiet_are_levels_of_the_log(caplog: pytest.LogCaptureFixture) -> None:
    root = logging.getLogger("quetsach")
    before = root.level
    try:
        for words, level in (
            (("-v",), logging.INFO),
            (("-vv",), logging.DEBUG),
            (("-q",), logging.ERROR),
        ):
            _run(with_common(_command("sweep")), *words)
            assert root.level == level
        caplog.clear()
        _run(with_common(_command("sweep")), "-v")
        assert [record.getMessage() for record in caplog.records] == ["f:1: plan", "None: workers"]
    finally:
        root.setLevel(before)


def test_a_command_with_a_quiet_of_its_own_takes_the_short_word_for_it() -> None:
    own = click.Option(["--quiet"], is_flag=True)
    command = click.Command("x", params=[own], callback=lambda quiet: quiet)
    assert with_common(command).main(["-q"], standalone_mode=False) is True
    assert with_common(command).main([], standalone_mode=False) is False


def test_the_portals_commands_get_no_option_of_ours() -> None:
    assert len(with_common(_command("manage")).params) == 2


def test_a_part_of_a_word_is_near_enough() -> None:
    with in_language("en"):
        said = near_words("stix", ["csv", "stix-sighting", "misp"])
    assert said == " Did you mean 'stix-sighting'?"


@pytest.mark.parametrize("words", [(), ("export",), ("indicators",), ("indicators", "check")])
def test_the_usage_speaks_one_language(words: tuple[str, ...]) -> None:
    usage = quetsach("--lang", "vi", *words, "--help").stdout.decode().splitlines()[0]
    assert usage.startswith(" ".join(("Cách dùng: quetsach", *words, "[TÙY CHỌN]")))
    assert "[OPTIONS]" not in usage
    assert "[ARGS]" not in usage


def test_a_missing_choice_is_told_in_the_language_in_use() -> None:
    ended = quetsach("--lang", "vi", "completion")
    assert ended.returncode == 2
    assert "Chọn một trong:" in ended.stderr.decode()
