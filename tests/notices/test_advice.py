"""What is missing, and how to get it."""

import pytest

from quetsach.notices.advice import ADVICE, advice_for, lack_said
from quetsach.notices.model import Lack
from quetsach.texts import use_language

ASKED_FOR = {Lack.PORT, Lack.TIME, Lack.OWN_ADDRESSES}


@pytest.mark.parametrize("lack", list(Lack))
def test_everything_that_can_be_missing_has_its_sentence_in_both_languages(lack: Lack) -> None:
    use_language("en")
    english = lack_said(lack)
    use_language("vi")
    assert lack_said(lack) != english


@pytest.mark.parametrize("lack", sorted(set(Lack) - ASKED_FOR))
def test_every_log_says_how_to_switch_it_on(lack: Lack) -> None:
    assert ADVICE[lack]
    for one in ADVICE[lack]:
        assert one.commands or one.note
        assert all(line == line.rstrip() and "\n" not in line for line in one.commands)


def test_one_device_can_be_asked_for_and_an_unknown_one_shows_all() -> None:
    assert [one.device for one in advice_for(Lack.TRANSLATION, "mikrotik")] == ["MikroTik RouterOS"]
    assert advice_for(Lack.TRANSLATION, "unknown") == ADVICE[Lack.TRANSLATION]


def test_commands_name_only_an_address_kept_for_documentation() -> None:
    for advices in ADVICE.values():
        for one in advices:
            for line in one.commands:
                assert "192.168." not in line
