"""The progress bar of long work: on a terminal only, with bytes per second and the time left."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from quetsach.texts import _

Progress = Callable[[int, int], None]


@contextmanager
def progress_bar(*, quiet: bool) -> Iterator[Progress | None]:
    """Give the function to report progress to, or None where nobody watches."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )
    from rich.progress import (
        Progress as Bar,
    )

    bar = Bar(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(binary_units=False),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    with bar:
        task = bar.add_task(_("Reading"), total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
