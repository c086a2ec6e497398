"""`quetsach indicators key`: a pair, told where it is and what its number is."""

from pathlib import Path

from quetsach.api.signing import read_trusted
from tests.cli.running import names_in, quetsach


def test_pair_is_written_and_its_number_told(tmp_path: Path) -> None:
    run = quetsach("indicators", "key", "so", "--owner", "Sở KH&CN", "-o", tmp_path / "keys")
    assert run.returncode == 0
    assert names_in(tmp_path / "keys") == ["so.key.pem", "so.pub.pem"]
    (key,) = read_trusted([tmp_path / "keys/so.pub.pem"])
    assert key.key_id in run.stdout.decode()
    assert key.owner == "Sở KH&CN"
    assert b"not locked" in run.stderr


def test_second_pair_of_one_name_is_refused(tmp_path: Path) -> None:
    quetsach("indicators", "key", "so", cwd=tmp_path)
    run = quetsach("indicators", "key", "so", cwd=tmp_path)
    assert (run.returncode, run.stderr[:5]) == (2, b"E232 ")
