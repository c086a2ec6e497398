"""Where rehearsals lie, and what their processes are told."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from quetsach_portal.web.scratch_homes import (
    RehearsalNote,
    ask_for,
    environment_of,
    folders,
    is_id,
    read_note,
    write_note,
)

NOTE = RehearsalNote(
    "0123456789ab", 7, "Chiến dịch", "2026-09-14T08:00:00+07:00", "2026-09-21T08:00:00+07:00"
)


def test_a_process_of_a_rehearsal_gets_no_secret_and_no_setting_of_the_real_portal(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("DATABASE_URL", "QUETSACH_SECRET_KEY", "QUETSACH_SMTP_PASSWORD", "OTHER_TOKEN"):
        monkeypatch.setenv(name, "secret")
    environment = environment_of(tmp_path)
    assert "secret" not in environment.values()
    assert environment["QUETSACH_HOME"] == str(tmp_path)
    assert {name for name in environment if name.startswith("QUETSACH_")} == {
        "QUETSACH_HOME",
        "QUETSACH_HOSTS",
        "QUETSACH_PORTAL_CONFIG",
        "QUETSACH_SECOND_FACTOR",
        "QUETSACH_URL",
    }
    assert environment["QUETSACH_PORTAL_CONFIG"] == "", "no file of settings is read"


def test_what_is_known_of_a_rehearsal_is_read_as_it_was_written(tmp_path: Path) -> None:
    write_note(tmp_path, NOTE)
    assert read_note(tmp_path) == NOTE
    assert NOTE.gone_on.isoformat() == "2026-09-21"
    assert not NOTE.is_over(datetime(2026, 9, 21, 0, 59, tzinfo=UTC))
    assert NOTE.is_over(datetime(2026, 9, 21, 1, 0, tzinfo=UTC))


@pytest.mark.parametrize("text", ["", "{", "[]", '{"id": "x"}', '{"other": 1}'])
def test_a_damaged_note_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "rehearsal.json").write_text(text)
    assert read_note(tmp_path) is None
    assert read_note(tmp_path / "nowhere") is None


def test_only_folders_with_an_id_are_rehearsals(tmp_path: Path) -> None:
    assert folders(tmp_path) == []
    for name in ("0123456789ab", ".making-0123456789ab", "0123456789AB", "other"):
        (tmp_path / "rehearsals" / name).mkdir(parents=True)
    assert [path.name for path in folders(tmp_path)] == ["0123456789ab"]
    assert not is_id("0123456789ab\n")


def test_what_was_thrown_away_is_not_asked_for(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        ask_for(tmp_path)
    assert not (tmp_path / "asked").exists()
    write_note(tmp_path, NOTE)
    ask_for(tmp_path)
    assert (tmp_path / "asked").exists()
