"""The outbox knows what waits; the same folder has the same key and the same bytes."""

from pathlib import Path

from quetsach.watch.outbox import Outbox, WaitingFolder, outbox_standing, zipped
from quetsach.watch.state import WatchState


def _folder(path: Path) -> Path:
    (path / "sub").mkdir(parents=True)
    (path / "manifest.json").write_text("{}")
    (path / "sub" / "a").write_text("a")
    return path


def test_the_same_folder_is_the_same_zip(tmp_path: Path) -> None:
    assert zipped(_folder(tmp_path / "a")) == zipped(_folder(tmp_path / "b"))


def test_the_key_is_that_of_the_digest() -> None:
    first, again, other = (
        WaitingFolder(number, "sealed", Path("a"), digest, 0, False)
        for number, digest in enumerate(("sha256:1", "sha256:1", "sha256:2"))
    )
    assert first.key == again.key != other.key


def test_what_was_never_sent_goes_first(tmp_path: Path) -> None:
    state = WatchState(tmp_path / "state")
    outbox = Outbox(state, tmp_path)
    for number in range(2):
        state.run(
            "INSERT INTO outbox(kind, folder, digest, day, made_us, sightings) "
            "VALUES('sealed', 'x', ?, '', ?, 0)",
            *(str(number), 5 + number),
        )
    first = outbox.next_due(10)
    assert first is not None
    assert outbox.answered(first, {"state": "queued"}, 10) == ""
    second = outbox.next_due(1 << 50)
    assert second is not None
    assert (first.number, second.number) == (1, 2)
    now = outbox_standing(state)
    assert (now["waiting"], now["oldest_us"], now["refused"], now["put_off"]) == (1, 6, 0, 0)
    outbox.settle(second, "H106", 20)
    assert outbox_standing(state).items() >= {"waiting": 0, "oldest_us": None, "refused": 1}.items()
    state.close()
