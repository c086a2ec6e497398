"""Folders of sweeps: names that lead nowhere, and downloads that no browser runs."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from quetsach_portal.intake.folders import is_plain, lay_out, plain_name
from quetsach_portal.intake.models import SubmissionState
from quetsach_portal.people.models.roles import Role
from tests.portal.intake.handing_in import (
    LOG,
    looked_through,
    publish,
)
from tests.portal.world import World


@pytest.mark.django_db
def test_F12_the_report_is_an_attachment_in_a_sandbox(world: World, client_of) -> None:
    publish(world)
    row = looked_through(world, {"conn.log": LOG})
    answer = client_of("TC01", Role.TECHNICIAN).get(f"/evidence/{row.pk}/report")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert b"".join(answer.streaming_content).startswith(b"<!")


@pytest.mark.django_db
def test_F10_names_of_files_lead_nowhere_and_stand_plain_on_the_page(
    world: World, client_of, home: Path
) -> None:
    publish(world)
    name = "../../a\r\nSet-Cookie: x=1\u202egol." + "x" * 200
    row = looked_through(world, {name: LOG})
    assert row.state == SubmissionState.DONE
    shown = row.summary["sources"][0]["path"]
    assert shown.isprintable()
    assert "/" not in shown.removeprefix("evidence/")
    page = client_of("TC01", Role.FOCAL_POINT).get(f"/evidence/{row.pk}/")
    assert "\u202e" not in page.content.decode()


@pytest.mark.parametrize(
    "name",
    [
        *("../x", "a/b", "a\\b", "C:x", "-rf", ".hidden", "a\0b", "x" * 300, "", "..."),
        *("con\u202egpj.exe", "tệp" * 90 + ".log", "a\nb", "~", " .log"),
    ],
)
def test_F10_a_name_becomes_one_plain_name(name: str, tmp_path: Path) -> None:
    plain = plain_name(name)
    assert plain
    assert plain.isprintable()
    assert not set(plain) & set('/\\:*?"<>|')
    assert plain[0] not in ".-~ "
    assert len(plain.encode()) < 130
    (tmp_path / "one").write_text("")
    names = lay_out([(name, tmp_path / "one")] * 3, tmp_path / "laid")
    assert len(set(names)) == 3
    assert sorted(one.name for one in (tmp_path / "laid").iterdir()) == sorted(names)


@pytest.mark.parametrize(
    "leave",
    [
        lambda place, secret: place.symlink_to(secret),
        lambda place, secret: place.symlink_to(secret.parent),
        lambda place, secret: place.hardlink_to(secret),
        lambda place, _secret: os.mkfifo(place),
    ],
)
def test_what_the_sandbox_leaves_is_no_way_to_another_file(
    tmp_path: Path, leave: Callable[[Path, Path], None]
) -> None:
    secret, folder = tmp_path / "out" / "secret", tmp_path / "findings"
    (folder / "cards").mkdir(parents=True)
    secret.parent.mkdir()
    secret.write_text("key")
    (folder / "cards" / "a.pdf").write_bytes(b"%PDF")
    assert is_plain(folder)
    leave(folder / "cards" / "report.html", secret)
    assert not is_plain(folder)
    link = tmp_path / "link"
    link.symlink_to(secret.parent)
    assert not is_plain(link)
    assert not is_plain(tmp_path / "nothing")
