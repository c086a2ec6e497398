"""The ledger: what was noted is known to the next run, a torn line is none, damage is told."""

import stat
from pathlib import Path

import pytest

from quetsach.errors.exceptions import QuetsachError
from quetsach.pushes.contract import PushFate, PushOutcome
from quetsach.pushes.ledger import PushLedger, state_folder

SENT = PushOutcome("n1", PushFate.SENT, ("7", "8"))


def ledger(folder: Path, address: str = "https://a.example/x") -> PushLedger:
    return PushLedger(folder, "misp", address, "https://a.example/")


def test_what_was_noted_is_known_to_the_next_run(tmp_path: Path) -> None:
    first = ledger(tmp_path / "ledgers")
    first.note(
        [SENT, PushOutcome("n2", PushFate.UNKNOWN), PushOutcome("n3", PushFate.REFUSED)],
        "2026-09-01",
    )
    again = ledger(tmp_path / "ledgers")
    assert [again.known(number) for number in ("n1", "n2", "n3")] == [SENT, None, None]
    again.note([PushOutcome("n1", PushFate.TAKEN_BACK, ("7", "8"))], "2026-09-02")
    known = ledger(tmp_path / "ledgers").known("n1")
    assert known is not None
    assert known.fate is PushFate.TAKEN_BACK
    assert stat.S_IMODE((tmp_path / "ledgers").stat().st_mode) & 0o077 == 0


def test_each_server_has_its_own_and_no_path_stands_in_it(tmp_path: Path) -> None:
    ledger(tmp_path, "https://a.example/secret-one").note([SENT], "2026-09-01")
    assert ledger(tmp_path, "https://a.example/secret-two").known("n1") is None
    (path,) = tmp_path.iterdir()
    assert "secret" not in path.name + path.read_text()


def test_a_line_that_was_torn_off_is_none_and_is_written_over(tmp_path: Path) -> None:
    first = ledger(tmp_path)
    first.note([SENT], "2026-09-01")
    whole = first.path.read_bytes()
    first.path.write_bytes(whole + b'{"number":"n2","fa')
    torn = ledger(tmp_path)
    assert (torn.known("n1"), torn.known("n2")) == (SENT, None)
    torn.note([PushOutcome("n4", PushFate.SENT)], "2026-09-02")
    assert ledger(tmp_path).known("n4") == PushOutcome("n4", PushFate.SENT)


@pytest.mark.parametrize(
    ("damage", "line"),
    [(b"x", 1), (b'{"format":"other/1","kind":"misp","server":"x"}\n', 1), (b"\n\xff\n", 4)],
)
def test_damage_is_told_with_its_line(tmp_path: Path, damage: bytes, line: int) -> None:
    first = ledger(tmp_path)
    first.note([SENT], "2026-09-01")
    raw = first.path.read_bytes()
    first.path.write_bytes(damage + raw if line == 1 else raw.rstrip() + b"\n" + damage)
    with pytest.raises(QuetsachError, match=f"E515.*{3 if line == 4 else line}"):
        ledger(tmp_path)


def test_two_runs_do_not_send_at_once_and_the_second_knows_what_the_first_sent(
    tmp_path: Path,
) -> None:
    first, second = ledger(tmp_path), ledger(tmp_path)
    with first.alone():
        with pytest.raises(QuetsachError, match="E516"), second.alone():
            pass
        first.note([SENT], "2026-09-01")
    with second.alone():
        assert second.known("n1") == SENT


def test_a_folder_that_takes_nothing_is_told(tmp_path: Path) -> None:
    before = ledger(tmp_path / "file" / "below")
    (tmp_path / "file").write_text("x")
    with pytest.raises(QuetsachError, match="E406"):
        before.note([SENT], "2026-09-01")
    with pytest.raises(QuetsachError, match="E406"), before.alone():
        pass
    with pytest.raises(QuetsachError, match="E104"):
        ledger(tmp_path / "file" / "below")


def test_the_folder_is_that_of_xdg(tmp_path: Path) -> None:
    assert state_folder({"XDG_STATE_HOME": "/s"}, tmp_path) == Path("/s/quetsach/pushes")
    assert state_folder({"XDG_STATE_HOME": "s"}, tmp_path) == (
        tmp_path / ".local/state/quetsach/pushes"
    )
