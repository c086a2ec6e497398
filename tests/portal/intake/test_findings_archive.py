"""ZIP files of findings are unpacked safely, or refused by a code."""

import io
import zipfile
from pathlib import Path

import pytest

from quetsach_portal.intake.models import (
    SubmissionState,
)
from tests.portal.intake.handing_in import (
    as_released,
    made_at_home,
    publish,
    taken,
    zipped,
)
from tests.portal.world import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("base", ["", "findings/", "a/b/"])
def test_a_folder_may_be_packed_with_or_without_itself(
    world: World, tmp_path: Path, base: str
) -> None:
    home = made_at_home(tmp_path, release=as_released(world))
    clutter = {"__MACOSX/._manifest.json": b"x", f"{base}.DS_Store": b"x"}
    row = taken(world, zipped(home, base, **clutter))
    assert (row.state, row.told) == (SubmissionState.DONE, {})


@pytest.mark.parametrize(
    ("name", "code"),
    [("../evil.txt", "H103"), ("findings/..\\evil", "H103"), ("/etc/x", "H103")],
)
def test_F10_foreign_paths_are_refused_and_nothing_is_written_there(
    world: World, tmp_path: Path, home: Path, name: str, code: str
) -> None:
    content = zipped(made_at_home(tmp_path, release=as_released(world)), **{name: b"x"})
    row = taken(world, content)
    assert row.state == SubmissionState.REFUSED
    # What the file check has let through, the reader of findings refuses.
    assert not row.told or row.told["code"] == code
    assert not [one for one in home.rglob("*") if one.name in ("evil.txt", "evil", "x")]


def test_a_zip_without_findings_is_refused_in_words(world: World) -> None:
    publish(world)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("readme.txt", "hello")
    row = taken(world, packed.getvalue())
    assert (row.state, row.told["code"]) == (SubmissionState.REFUSED, "H102")
