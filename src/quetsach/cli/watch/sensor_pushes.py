"""The list of a watch given to the sensors of a file: at the start, and whenever it changes."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from quetsach.cli import terminal as shared
from quetsach.cli.sensors import lines_of
from quetsach.errors.exceptions import QuetsachError
from quetsach.texts import _

if TYPE_CHECKING:
    from quetsach.api.sensors import PushRequest, SensorFile

option = click.option(
    "--sensors",
    type=shared.PATH,
    metavar="FILE",
    help=_(
        "Give the list also to the resolvers and sensors of this file, at the start and when it "
        "changes; see quetsach sensors push."
    ),
)


class SensorPushes:
    """Gives the list to sensors beside the watch, one time after the other.

    `say` is told a line a sensor, and whether it is well.
    """

    def __init__(
        self, file: "SensorFile", request: "PushRequest", say: Callable[[str, bool], None]
    ) -> None:
        self._file, self._request, self._say = file, request, say
        self._pool = ThreadPoolExecutor(1)
        self.failures = 0

    def begin(self) -> None:
        """Give the list as it is in its files now; the watch goes on meanwhile."""
        self._pool.submit(self._push)

    def end(self) -> None:
        """Wait until what was begun is done."""
        self._pool.shutdown(wait=True)

    def _push(self) -> None:
        from quetsach.api.sensors import push_lists

        now = datetime.now().astimezone().replace(microsecond=0)
        try:
            results = push_lists(self._file, replace(self._request, at=now))
        except (QuetsachError, OSError) as error:
            self.failures += 1
            self._say(str(error), False)
            return
        for result, line in zip(results, lines_of(results), strict=True):
            self.failures += not result.is_in_use
            self._say(line, result.is_in_use)


def pushes_of(
    path: Path | None, options: dict[str, object], say: Callable[[str, bool], None]
) -> SensorPushes | None:
    """Return what gives the list of a watch to the sensors of a file, None where none is named.

    Errors: E101, E104, E239 for the file.
    """
    if path is None:
        return None
    from quetsach.api.sensors import PushRequest, sensors_in

    lists, decisions = options["lists"], options["decisions"]
    assert isinstance(lists, tuple | list)
    request = PushRequest(
        tuple(lists),
        datetime.now().astimezone(),
        decisions if isinstance(decisions, Path) else None,
        accept_private=bool(options["accept_private"]),
    )
    return SensorPushes(sensors_in(path), request, say)
