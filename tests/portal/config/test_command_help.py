"""The help of the portal's commands: their own options alone, in the language in use."""

import re

import pytest
from django.utils import translation

from quetsach_portal import manage
from quetsach_portal.config.command_help import asked_about, help_of

HELPED = (*manage.OURS, "migrate")
ENGLISH = re.compile(r"\b(the|with|and|of|show|options|usage)\b", re.IGNORECASE)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (["help", "begin"], "begin"),
        (["begin", "--help"], "begin"),
        (["audit", "verify", "-h"], "audit"),
        (["help"], None),
        (["begin", "--code", "TC"], None),
    ],
)
def test_it_is_known_about_which_command_help_is_asked(words: list[str], name: str | None) -> None:
    assert asked_about(words) == name


@pytest.mark.parametrize("name", HELPED)
def test_no_english_is_left_in_the_vietnamese_help(name: str) -> None:
    with translation.override("vi"):
        text = help_of(name)
    assert text.startswith("Cách dùng: quetsach manage " + name)
    # Names of options and files are no sentences.
    words = re.sub(r"--[\w-]+|\{.*?\}|\S*\.\S+|`[^`]*`", "", text, flags=re.DOTALL)
    assert ENGLISH.findall(words) == []


@pytest.mark.parametrize("name", HELPED)
def test_the_options_of_django_are_left_out(name: str) -> None:
    with translation.override("en"):
        text = help_of(name)
    for option in ("--settings", "--pythonpath", "--traceback", "--verbosity", "app_label"):
        assert option not in text


def test_every_option_of_a_command_is_explained() -> None:
    with translation.override("en"):
        text = help_of("begin")
    for option, what in (("--code CODE", "H61"), ("--kind", "kind of the lead office")):
        assert option in text
        assert what in text


def test_help_behind_a_command_is_that_of_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    with translation.override("en"):
        manage.main(["backup", "--help"])
    printed = capsys.readouterr().out
    assert "--check" in printed
    assert "--settings" not in printed
