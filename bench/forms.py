"""What a line of each form costs: `python -m bench.forms [--lines N] [--slower-than US]`.

Lines are those of the form's samples, repeated; read as a sweep reads them, with the second look
that other forms get at lines which a file's own form does not know. Then 1,000 files of all
forms, mixed, are recognised. Processor time of this process, the best of three runs.
"""

import argparse
import itertools
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from quetsach.evidence.find import find_evidence
from quetsach.formats.contract import Format, Line
from quetsach.formats.dialects.shipped_dialects import dialect_formats
from quetsach.formats.line_forms import second_look
from quetsach.formats.registry import all_formats
from quetsach.scanning.plan import make_plan
from tests.formats.golden import TAKEN_US, ZONE, layout_of, lines_of, samples

RUNS = 3
FILES = 1000


def main() -> None:
    """Print the cost of a line by form, dialects beside the forms in Python, and of a plan."""
    parser = argparse.ArgumentParser(prog="python -m bench.forms", description=__doc__)
    parser.add_argument("--lines", type=int, default=4096)
    parser.add_argument("--slower-than", type=float, default=0.0, help="only forms that cost more")
    options = parser.parse_args()
    dialects = {form.name for form in dialect_formats()}
    costs = {form.name: line_cost_us(form, options.lines) for form in all_formats()}
    print("| form | kind | µs a line |")
    print("|---|---|---|")
    for name, cost in sorted(costs.items(), key=lambda row: -row[1]):
        if cost > options.slower_than:
            print(f"| {name} | {'dialect' if name in dialects else 'Python'} | {cost:.1f} |")
    for kind, names in (("dialects", dialects), ("Python", set(costs) - dialects)):
        taken = [costs[name] for name in names]
        print(f"{kind}: {len(taken)} forms, middle {statistics.median(taken):.1f} µs a line")
    print(f"{FILES} files of all forms recognised: {plan_seconds(FILES):.2f} s")


def line_cost_us(form: Format, count: int) -> float:
    """Return what a line of the samples of `form` costs to read, in us of processor time."""
    content = max((sample.read_bytes() for sample in samples(form)), key=len)
    layout = layout_of(form, content)
    taken = itertools.islice(itertools.cycle(line for _, line in lines_of(content)), count)
    lines: list[Line] = list(enumerate(taken))

    def read() -> None:
        rows = form.parse(lines, layout, ZONE)
        if layout.record is None:
            second_look(rows, lines, ZONE, TAKEN_US)

    return best_seconds(read) * 1e6 / count


def plan_seconds(count: int) -> float:
    """Return how long the plan of `count` files takes, each a sample of one of the forms."""
    logs = [sample for form in all_formats() for sample in samples(form)]
    with tempfile.TemporaryDirectory() as folder:
        for number, log in zip(range(count), itertools.cycle(logs), strict=False):
            (Path(folder) / f"{number:04}.log").write_bytes(log.read_bytes())
        files, problems = find_evidence([folder])
        assert len(files) == count
        return best_seconds(lambda: make_plan(files, problems, ZONE))


def best_seconds(act: Callable[[], object]) -> float:
    """Return the processor time of the fastest of some runs."""
    seconds = []
    for _ in range(RUNS):
        started = time.process_time()
        act()
        seconds.append(time.process_time() - started)
    return min(seconds)


if __name__ == "__main__":
    main()
