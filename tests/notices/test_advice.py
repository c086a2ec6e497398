"""What is missing, and how to get it."""

import pytest

from quetsach.notices.advice import ADVICE, advice_for, describe_missing_log
from quetsach.notices.model import MissingLog
from quetsach.texts import use_language

ASKED_FOR = {MissingLog.PORT, MissingLog.TIME, MissingLog.OWN_ADDRESSES}


@pytest.mark.parametrize("lack", list(MissingLog))
def test_everything_that_can_be_missing_has_its_sentence_in_both_languages(
    lack: MissingLog,
) -> None:
    use_language("en")
    english = describe_missing_log(lack)
    use_language("vi")
    assert describe_missing_log(lack) != english


@pytest.mark.parametrize("lack", sorted(set(MissingLog) - ASKED_FOR))
def test_every_log_says_how_to_switch_it_on(lack: MissingLog) -> None:
    assert ADVICE[lack]
    for one in ADVICE[lack]:
        assert one.commands or one.note
        assert all(line == line.rstrip() and "\n" not in line for line in one.commands)


def test_one_device_can_be_asked_for_and_an_unknown_one_shows_all() -> None:
    assert [one.device for one in advice_for(MissingLog.TRANSLATION, "mikrotik")] == [
        "MikroTik RouterOS"
    ]
    assert advice_for(MissingLog.TRANSLATION, "unknown") == ADVICE[MissingLog.TRANSLATION]


def test_commands_name_only_an_address_kept_for_documentation() -> None:
    for advices in ADVICE.values():
        for one in advices:
            for line in one.commands:
                assert "192.168." not in line
