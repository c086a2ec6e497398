"""Archives and records of several lines are read as a whole, and anew when they changed."""

import zipfile
from pathlib import Path

from quetsach.watch.state import StreamState
from tests.watch.conftest import Start
from tests.watch.watched import Watched, clients, lines


def _zip(watched: Watched, path: Path, text: bytes) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("eve.json", text)
    watched.write(path, b"")


def test_an_archive_is_read_when_it_rests_and_again_when_it_changed(
    tmp_path: Path, start: Start
) -> None:
    packed = tmp_path / "logs.zip"
    watched = start(packed)
    _zip(watched, packed, lines(0, 3))
    watched.go(1, wait_s=1.0)
    assert watched.clients() == []
    watched.go(2)
    assert watched.clients() == clients(0, 3)
    watched.go(2)
    _zip(watched, packed, lines(0, 5))
    watched.go(3)
    assert watched.clients() == clients(0, 5)
    [stream] = watched.streams()
    assert (stream.state, stream.counts["lines"]) == (StreamState.WHOLE, 5)
    assert len(watched.state.run("SELECT 1 FROM sighting")) == 5
