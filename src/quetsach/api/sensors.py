"""Lists pushed into the sensors and resolvers of an office, to watch with."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from quetsach.api.lists import ConvertRequest, convert_indicators
from quetsach.atomic_files import read_at_most
from quetsach.blocklists.contract import Mode
from quetsach.blocklists.convert import ConvertedRelease
from quetsach.blocklists.sensors.pushing import PushResult, PushState, push
from quetsach.blocklists.sensors.settings import MOST_BYTES, SensorFile, read_sensors
from quetsach.errors.exceptions import QuetsachError
from quetsach.texts import _

__all__ = ["PushRequest", "PushResult", "PushState", "SensorFile", "push_lists", "sensors_in"]


@dataclass(frozen=True)
class PushRequest:
    """What is pushed: the lists, what people decided on them, what is never listed.

    Shapes: `accept_less` also pushes a list that is empty or lost more than half.
    """

    lists: tuple[Path, ...]
    at: datetime
    decisions: Path | None = None
    never_block: tuple[Path, ...] = ()
    accept_private: bool = False
    accept_less: bool = False


def sensors_in(path: Path) -> SensorFile:
    """Return what a file of sensors says. Errors: E101, E104, E239."""
    content = read_at_most(path, MOST_BYTES)
    if len(content) > MOST_BYTES:
        raise QuetsachError("E239", str(path), reason=_("it is too large"))
    try:
        return read_sensors(content.decode("utf-8"), str(path))
    except UnicodeDecodeError as error:
        raise QuetsachError("E239", str(path), reason=_("it is not UTF-8")) from error


def push_lists(file: SensorFile, request: PushRequest) -> list[PushResult]:
    """Give the lists to each sensor in the form it reads, only ever to watch.

    Errors: E202 for a list, E226 for the decisions, E240 to E249.
    """
    releases: dict[str, ConvertedRelease] = {}
    for form in dict.fromkeys(sensor.form for sensor in file.sensors):
        releases[form], _lists = convert_indicators(
            request.lists,
            ConvertRequest(form, request.at, Mode.WATCH, accept_private=request.accept_private),
            decisions=request.decisions,
            never_block=(*request.never_block, *file.belt),
        )
    return [
        push(sensor, releases[sensor.form], accept_less=request.accept_less)
        for sensor in file.sensors
    ]
