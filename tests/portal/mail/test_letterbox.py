"""Mails about accounts without a mail server: files for one reader, gone when their link is."""

import os
from pathlib import Path
from typing import Any

import pytest

from quetsach_portal.config.jobs import HANDLERS
from quetsach_portal.jobs.queue import RunningJob
from quetsach_portal.mail.letterbox import FOLDER, KEPT_S, put_in_letterbox


def test_a_mail_lies_in_a_file_of_its_owner_and_only_its_place_is_said(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = put_in_letterbox(7, "To: ai@coquan.example\n\nhttps://a.example/x/bi-mat/\n")
    assert place.read_text().endswith("bi-mat/\n")
    assert (place.stat().st_mode & 0o777, place.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    said = capsys.readouterr().out
    assert str(place) in said
    assert "bi-mat" not in said
    assert "ai@" not in said
    # Sent once more, it is written anew.
    assert put_in_letterbox(7, "again").read_text() == "again"


def test_what_opens_nothing_any_more_is_removed(home: Path) -> None:
    old, young = put_in_letterbox(1, "old"), put_in_letterbox(2, "young")
    past = old.stat().st_mtime - KEPT_S - 60
    os.utime(old, (past, past))
    put_in_letterbox(3, "new")
    assert sorted(place.name for place in (home / FOLDER).iterdir()) == ["2.txt", "3.txt"]
    assert young.exists()


def test_the_nightly_job_clears_it_too_where_a_mail_server_was_set_up_since(
    home: Path, settings: Any, db: None
) -> None:
    old, young = put_in_letterbox(1, "old"), put_in_letterbox(2, "Họ và tên")
    past = old.stat().st_mtime - KEPT_S - 60
    os.utime(old, (past, past))
    settings.EMAIL_HOST = "mail.example"
    HANDLERS["mail.forget"](RunningJob(1, "mail.forget", {}, "test", 1))
    assert [place.name for place in (home / FOLDER).iterdir()] == [young.name]
    assert young.read_bytes().decode("utf-8") == "Họ và tên"
