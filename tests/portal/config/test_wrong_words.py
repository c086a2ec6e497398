"""Words that the portal's commands do not take are refused in the language in use."""

import re

import pytest
from django.core.management import get_commands, load_command_class
from django.utils import translation

from quetsach_portal import manage
from quetsach_portal.config.wrong_words import refuse_wrong_words

OURS = (*manage.OURS, "migrate")


def refused(words: list[str], language: str, capsys: pytest.CaptureFixture[str]) -> list[str]:
    with translation.override(language), pytest.raises(SystemExit) as ended:
        refuse_wrong_words(words, OURS)
    assert ended.value.code == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    return printed.err.splitlines()


@pytest.mark.parametrize(
    ("words", "english", "vietnamese", "command"),
    [
        (
            ["migrat"],
            "There is no command 'migrat'. Did you mean 'migrate'?",
            "Không có lệnh 'migrat'. Có phải ý bạn là 'migrate'?",
            "quetsach manage help",
        ),
        (
            ["demo", "--public-ulr", "x"],
            "'--public-ulr' is neither an option nor an argument of this command."
            " Did you mean '--public-url'?",
            "'--public-ulr' không phải là tùy chọn hay tham số của lệnh này."
            " Có phải ý bạn là '--public-url'?",
            "quetsach manage demo --help",
        ),
        (
            ["demo", "--lang", "xx"],
            "--lang: 'xx' is none of 'vi', 'en'.",
            "--lang: 'xx' không nằm trong: 'vi', 'en'.",
            "quetsach manage demo --help",
        ),
        (
            ["audit", "verfy"],
            "'verfy' is none of",
            "'verfy' không nằm trong",
            "quetsach manage audit --help",
        ),
        (
            ["demo", "--public-url"],
            "--public-url: its value is missing.",
            "--public-url: thiếu giá trị.",
            "quetsach manage demo --help",
        ),
    ],
)
def test_what_is_wrong_is_said_in_one_language_with_what_was_meant(
    words: list[str],
    english: str,
    vietnamese: str,
    command: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    first, second = refused(words, "en", capsys)
    assert english in first
    assert second == f"Type '{command}' for help."
    first, second = refused(words, "vi", capsys)
    assert vietnamese in first
    assert second == f"Gõ '{command}' để xem hướng dẫn."


@pytest.mark.parametrize("name", OURS)
def test_no_english_is_left_in_what_a_command_says_of_a_wrong_word(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    said = " ".join(refused([name, "--verbosity", "many"], "vi", capsys))
    assert not re.search(r"\b(argument|invalid|required|choose|usage|error)\b", said, re.IGNORECASE)


@pytest.mark.parametrize("words", [["migrate", "--verbosity", "0"], ["demo", "--public-url", "x"]])
def test_what_a_command_takes_is_left_alone(words: list[str]) -> None:
    refuse_wrong_words(words, OURS)


def test_commands_of_django_say_it_themselves() -> None:
    assert load_command_class(str(get_commands()["shell"]), "shell")
    refuse_wrong_words(["shell", "--nosuch"], OURS)


def test_an_option_without_a_command_is_left_to_django() -> None:
    refuse_wrong_words(["--version"], OURS)
