"""Rehearsals as folders."""

import fcntl
import os
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from quetsach_portal.rehearsals import homes
from quetsach_portal.web.scratch_homes import RehearsalNote, write_note


def made(campaign_id: int, *, days_ago: int = 0) -> RehearsalNote:
    folder = homes.new_folder()
    at = timezone.localtime() - timedelta(days=days_ago)
    note = RehearsalNote(
        folder.name, campaign_id, "Thử", at.isoformat(), (at + homes.KEPT).isoformat()
    )
    write_note(folder, note)
    (folder / "files").mkdir()
    (folder / "files" / "a").write_text("bytes")
    assert homes.note_of(campaign_id) is None
    homes.move_into_place(folder)
    return note


def test_a_rehearsal_is_found_once_it_is_whole_and_only_its_owner_reads_it(home) -> None:
    note = made(3)
    assert homes.note_of(3) == note == homes.note_called(note.id)
    assert [path.name for path in (home / "rehearsals").iterdir()] == [note.id]
    assert homes.folder_of(note.id).stat().st_mode & 0o077 == 0
    assert (home / "rehearsals").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("text", ["", "..", "../../x", "0123456789AB", ".going-0123456789ab"])
def test_what_is_no_id_leads_to_no_folder(text: str) -> None:
    assert homes.note_called(text) is None
    with pytest.raises(ValueError, match="^" + re.escape(text)):
        homes.folder_of(text)


def test_throwing_it_away_removes_the_folder_alone_and_twice_is_once(home) -> None:
    one, other = made(3), made(4)
    beside = home / "files" / "real"
    beside.parent.mkdir()
    beside.write_text("real")
    homes.throw_away(one.id)
    homes.throw_away(one.id)
    assert homes.notes() == [other]
    assert [path.name for path in (home / "rehearsals").iterdir()] == [other.id]
    assert beside.read_text() == "real"


def test_after_seven_days_it_is_over_and_half_made_ones_go_after_an_hour(home) -> None:
    old, new = made(3, days_ago=7), made(4, days_ago=6)
    lost, fresh = homes.new_folder(), homes.new_folder()
    os.utime(lost.parents[1], (0, 0))
    assert homes.sweep(timezone.now()) == [old]
    assert homes.note_of(4) == new
    assert not lost.exists()
    assert fresh.exists()


def test_a_home_without_rehearsals_has_nothing_to_sweep() -> None:
    assert homes.sweep(timezone.now()) == homes.notes() == []


def test_a_rehearsal_runs_while_somebody_holds_its_lock(home) -> None:
    folders = [homes.folder_of(made(number).id) for number in (1, 2, 3)]
    assert not homes.is_running(folders[0])
    held = [(folder / "runs.lock").open("a") for folder in folders[:2]]
    try:
        for file in held:
            fcntl.flock(file, fcntl.LOCK_EX)
        assert homes.is_running(folders[0])
        assert homes.others_running(folders[2])
        assert not homes.others_running(folders[0])
    finally:
        for file in held:
            file.close()
    assert not homes.is_running(folders[0])
