"""`quetsach avreport export`: the message, and what it lacks."""

from pathlib import Path

from tests.avreport.messages import identity
from tests.cli.running import names_in, quetsach_here
from tests.sweeping.evidence import write


def test_findings_become_a_signed_message(findings: Path, tmp_path: Path) -> None:
    own, folder = identity("so", "Root"), tmp_path / "x"
    write(folder / "organ.toml", 'organ_id = "000.00.00.H84"\norgan_name = "Sở"\n')
    write(folder / "k.pem", own.key)
    write(folder / "c.pem", own.pem)
    words = ("avreport", "export", findings, "--organ", "organ.toml", "-o", "m.xml")
    run = quetsach_here(*words, "--key", "k.pem", "--cert", "c.pem", cwd=folder)
    assert (run.returncode, run.stdout) == (0, b"m.xml\n")
    assert b"OS: nothing is told" in run.stderr
    assert names_in(folder) == ["c.pem", "k.pem", "m.xml", "m.xml.missing.txt", "organ.toml"]
    read = quetsach_here("avreport", "read", "m.xml", "--trust", "c.pem", cwd=folder)
    assert read.returncode == 0
    alone = quetsach_here(*words, "--key", "k.pem", cwd=folder)
    assert (alone.returncode, b"belong together" in alone.stderr) == (2, True)
    plain = quetsach_here(*words, cwd=folder)
    assert (plain.returncode, b"it is not signed" in plain.stderr) == (0, True)
