"""The act in the sandbox that reads a file of notices; no Django in here."""

from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec

from quetsach.sandbox.contract import (
    ReportProgress,
    SandboxAnswer,
    SandboxLimits,
    encode_answer,
)
from quetsach.sandbox.run import call

READ_NOTICES = "quetsach_portal.ranges.sandboxed:read_in_sandbox"
READ_LIMITS = SandboxLimits(memory=2 << 30, seconds=600, answer=256 << 20)


class ReadItem(msgspec.Struct):
    """One item of the authority's file; `reason` is set where it could not be read."""

    number: int
    address: str = ""
    port: int | None = None
    at: datetime | None = None
    days: list[str] = []
    remote: str = ""
    family: str = ""
    reason: str = ""


def read_notices(path: Path) -> SandboxAnswer:
    """Return the items of the file at `path`, read in a process that may read nothing else.

    Errors: SandboxFailed.
    """
    with TemporaryDirectory() as folder:
        return call(
            READ_NOTICES,
            str(path),
            folder=Path(folder),
            limits=READ_LIMITS,
            reads=[path.resolve()],
        )


def read_in_sandbox(request_bytes: bytes, _report: ReportProgress) -> bytes:
    """Answer the items of a file of notices in its order."""
    from quetsach.api import allotting, problems

    path = msgspec.json.decode(request_bytes, type=str)
    with problems.in_language("vi"):
        try:
            items = allotting.items_of_files([path])
            return encode_answer([_item_of(one) for one in items])
        except problems.QuetsachError as error:
            problem = error.problem
            return encode_answer(problem=f"{problem.what()} {problem.todo()}")


def _item_of(allotted: Any) -> ReadItem:
    from quetsach.api import allotting

    notice = allotted.notice
    if isinstance(notice, allotting.RejectedItem):
        return ReadItem(notice.number, family=notice.excerpt, reason=allotted.why)
    return ReadItem(
        notice.number,
        address=notice.address,
        port=notice.port,
        at=allotting.moment_of(notice),
        days=[day.isoformat() for day in allotting.days_of(notice)],
        remote=notice.remote_name or notice.remote_address,
        family=notice.family,
    )
