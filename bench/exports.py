"""How long findings take in each form of export, and how much memory: 1,000,000 sightings.

`python -m bench.exports [sightings] [hosts]` makes a log in which every line is a contact, sweeps
it, exports the findings once in each form, and prints a row for each.
"""

import argparse
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from bench import machine
from bench.measure import Contestant, Run, run
from quetsach.cli.export import FORMS

FIRST_US = 1_788_220_800_000_000
SPAN_US = 14 * 86_400_000_000
INDICATORS = 2_000


def main() -> None:
    """Make the findings, export them in every form, print."""
    parser = argparse.ArgumentParser(prog="python -m bench.exports", description=__doc__)
    parser.add_argument("sightings", type=int, nargs="?", default=1_000_000)
    parser.add_argument("hosts", type=int, nargs="?", default=100_000)
    parser.add_argument("--out", type=Path, default=Path("out/bench-exports"))
    parser.add_argument("--keep", action="store_true", help="leave log and findings there")
    options = parser.parse_args()
    try:
        findings = made_findings(options.out, options.sightings, options.hosts)
        print(machine.described(), end="\n\n")
        print("| form | MB | processor, s | clock, s | peak memory, MB |\n|---|---|---|---|---|")
        for form in FORMS:
            target = options.out / f"export.{form}"
            measured = exported(findings, form, target)
            print(row(form, target.stat().st_size, measured), flush=True)
            target.unlink()
    finally:
        if not options.keep:
            shutil.rmtree(options.out, ignore_errors=True)


def made_findings(folder: Path, sightings: int, hosts: int) -> Path:
    """Return a findings folder of so many contacts of so many machines; made once."""
    findings = folder / "findings"
    if findings.exists():
        return findings
    folder.mkdir(parents=True, exist_ok=True)
    log, listed = folder / "dns.log", folder / "list.csv"
    listed.write_text(
        "value,malware,tlp\n"
        + "".join(
            f"bad{number}.example,Family {number % 40},green\n" for number in range(INDICATORS)
        )
    )
    with log.open("w") as text:
        text.write(
            "#separator \\x09\n#path\tdns\n#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h"
            "\tid.resp_p\tproto\tquery\tqtype_name\tanswers\n"
        )
        text.writelines(_lines(sightings, hosts))
    command = [sys.executable, "-m", "quetsach", "sweep", str(log), "-i", str(listed)]
    run(Contestant("sweep", [*command, "-o", str(findings), "--quiet"], good=(0, 1, 3)))
    return findings


def _lines(sightings: int, hosts: int) -> Iterator[str]:
    for place in range(sightings):
        host, when = place % hosts, (FIRST_US + place * SPAN_US // sightings) / 1_000_000
        address = f"10.{host >> 16}.{(host >> 8) & 255}.{host & 255}"
        name = f"pc-{host}.bad{place * 7919 % INDICATORS}.example"
        yield (
            f"{when:.6f}\tC{place}\t{address}\t{1024 + place % 60_000}\t10.255.255.1\t53\tudp"
            f"\t{name}\tA\t192.0.2.{place % 250}\n"
        )


def exported(findings: Path, form: str, target: Path) -> Run:
    """Export the findings once, with machines, and return what it took."""
    command = [sys.executable, "-m", "quetsach", "export", str(findings), "--to", form]
    words = ["--with-machines", "--for", "owner", "-o", str(target), "--quiet"]
    return run(Contestant(form, [*command, *words]))


def row(form: str, size: int, measured: Run) -> str:
    """Return the row of the table for one form."""
    return (
        f"| `{form}` | {size / 1e6:,.0f} | {measured.processor:,.0f} | {measured.seconds:,.0f} "
        f"| {measured.peak_mb:,.0f} |"
    )


if __name__ == "__main__":
    main()
