"""How long official reports take on paper: one over 4,000 units, and 1,000 of single units.

`python -m bench.reports [units] [reports]` prints the table. Each row runs in processes of its own;
the reports of single units are shared out between two of them.
"""

import hashlib
import os
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from multiprocessing import get_context
from pathlib import Path

from quetsach.documents.letters.letter import LetterSigner, Medium
from quetsach.documents.reports.paper import compose_official
from quetsach.documents.reports.paper_files import page_count
from quetsach.documents.reports.report import OfficialReport
from quetsach.documents.typeset.docx import docx_bytes
from quetsach.documents.typeset.letterhead import Letterhead
from quetsach.documents.typeset.pdf import pdf_bytes
from quetsach.documents.typeset.proof import DocumentProof
from quetsach.documents.typeset.typst import find_face
from quetsach.forms.adding import add_up
from quetsach.forms.reading import shipped_form
from quetsach.forms.values import ChildContribution, FigureGrade, GradedCount, OwnValue, TextValue

ROOT = Path(__file__).parents[1]
CREATED = datetime(2022, 9, 28, tzinfo=UTC)
WORKERS = 2


@dataclass(frozen=True)
class Cost:
    """What one piece of work took. Units: seconds of the clock, of the processor; megabytes."""

    clock: float
    processor: float
    peak_mb: float
    said: str


def own_report(place: int) -> OfficialReport:
    """Return the report of the `place`-th commune: one page, and its Appendix on another."""
    form = shipped_form("phu-luc-2022")
    own = {
        row.id: OwnValue(GradedCount(place + n, FigureGrade.DECLARED))
        for n, row in enumerate(form.counts())
    }
    name = f"Ủy ban nhân dân xã thứ {place}"
    own["unit"] = OwnValue(TextValue(name, FigureGrade.DECLARED))
    digest = hashlib.sha256(name.encode()).hexdigest()
    return OfficialReport(
        form=form,
        figures=add_up(form, own, (), {}),
        head=Letterhead(
            unit=name,
            parent_shown=False,
            code="UBND",
            number=place,
            place="Trà Cú",
            signed_on=date(2022, 9, 28),
            addressees=("Ủy ban nhân dân huyện Trà Cú",),
        ),
        signer=LetterSigner("Chủ tịch", "Nguyễn Văn A"),
        proof=DocumentProof(
            digest, "portal.example/kiem-tra", f"https://portal.example/kiem-tra?ma={digest[:16]}"
        ),
    )


def report_over(units: int) -> OfficialReport:
    """Return the report of a province over so many units, without the words of each."""
    report = own_report(1)
    counts = {row.id for row in report.form.counts()}
    children = []
    for place in range(1, units + 1):
        below = own_report(place)
        figures = {key: one for key, one in below.figures.items() if key in counts}
        name = below.head.unit or ""
        assert below.proof is not None
        children.append(ChildContribution(f"n{place}", name, 1, below.proof.digest, figures))
    figures = add_up(report.form, {}, children, {})
    return replace(report, figures=figures, children=tuple(children))


def pdf_of(report: OfficialReport) -> bytes:
    """Return the copy for paper as PDF."""
    return pdf_bytes(compose_official(report, Medium.PAPER), CREATED, find_face())


def docx_of(report: OfficialReport) -> bytes:
    """Return the copy for paper as DOCX."""
    return docx_bytes(compose_official(report, Medium.PAPER), CREATED)


def _large(kind: str, units: int) -> str:
    report = report_over(units)
    begun, used = time.perf_counter(), time.process_time()
    made = pdf_of(report) if kind == "pdf" else docx_of(report)
    clock, processor = time.perf_counter() - begun, time.process_time() - used
    pages = f", {page_count(made)} pages" if kind == "pdf" else ""
    return f"{clock} {processor} {_peak_mb()} {len(made) / 1e6:.1f} MB{pages}"


def _small(place: int) -> int:
    return page_count(pdf_of(own_report(place)))


def _many(reports: int) -> str:
    begun = time.perf_counter()
    # Started anew: what typesets runs threads, and threads do not outlive a fork.
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as pool:
        pages = sum(pool.map(_small, range(1, reports + 1), chunksize=20))
    clock = time.perf_counter() - begun
    times = os.times()
    return f"{clock} {times.children_user + times.children_system} {_peak_mb()} {pages:,} pages"


def _peak_mb() -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def _cost(*words: str) -> Cost:
    command = [sys.executable, "-m", "bench.reports", *words]
    run = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    clock, processor, peak, said = run.stdout.strip().split(" ", 3)
    return Cost(float(clock), float(processor), float(peak), said)


def main(units: int = 4000, reports: int = 1000) -> None:
    """Measure, and print the table."""
    rows = (
        (f"report over {units:,} units, PDF", _cost("large", "pdf", str(units))),
        (f"report over {units:,} units, DOCX", _cost("large", "docx", str(units))),
        (f"{reports:,} reports of single units, PDF, two processes", _cost("many", str(reports))),
    )
    print("| what | clock, s | processor, s | memory, MB | made |")
    print("|---|---|---|---|---|")
    for what, cost in rows:
        peak = "–" if "two processes" in what else f"{cost.peak_mb:,.0f}"
        print(f"| {what} | {cost.clock:.1f} | {cost.processor:.1f} | {peak} | {cost.said} |")
    print(f"\nBusy with other work: {os.getloadavg()[0]:.1f}", file=sys.stderr)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["large", kind, count]:
            print(_large(kind, int(count)))
        case ["many", count]:
            print(_many(int(count)))
        case counts:
            main(*map(int, counts))
