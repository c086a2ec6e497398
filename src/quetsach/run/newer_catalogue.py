"""Ask a campaign's public page for its newest catalogue of tools, and keep it for the old one."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from quetsach.errors import QuetsachError
from quetsach.indicators.fetch.address import parse_target
from quetsach.indicators.fetch.connection import Bounds, Client
from quetsach.run.verify import verify
from quetsach.signing.judge import State
from quetsach.trusted_tools import MOST_BYTES, Catalogue, read_catalogue

ASKED_AT = "/cong-cu/tools.json"
_SIGNATURE = ".sig"
_BOUNDS = Bounds(wait_s=10.0, request_s=60.0, largest=2 * MOST_BYTES)


class Renewed(StrEnum):
    """What came of it."""

    NEWER = "newer"
    SAME = "same"
    NOT_PROVEN = "not-proven"
    UNREACHED = "unreached"


@dataclass(frozen=True)
class Renewal:
    """What came of asking, and why where nothing did."""

    state: Renewed
    why: str = ""


def renew_catalogue(
    catalogue: Path, page: str, *, keys: Sequence[Path] = (), now: datetime | None = None
) -> Renewal:
    """Put the newest catalogue of the public page `page` at `catalogue`, signature beside it.

    Only one that a key of `keys` signed, that is not over and no older takes the place of another.
    Errors: E214 for `page`, E230 for keys, E237 when the file cannot be written. A page that does
    not answer is no error: whoever is offline goes on with what there is.
    """
    target = parse_target(page)
    client = Client(target, {}, _BOUNDS)
    try:
        answer = client.get(target.at(ASKED_AT))
        # Beside the very file that was answered: a newer one may have come in between.
        signature = client.get(answer.address.at(answer.address.path + _SIGNATURE))
    except QuetsachError as error:
        return Renewal(Renewed.UNREACHED, str(error))
    try:
        with tempfile.TemporaryDirectory(dir=catalogue.parent) as spare:
            path = Path(spare) / catalogue.name
            path.write_bytes(answer.body)
            _signature_of(path).write_bytes(signature.body)
            return _kept(path, catalogue, keys, datetime.now(UTC) if now is None else now)
    except OSError as error:
        reason = error.strerror or str(error)
        raise QuetsachError("E237", str(catalogue), reason=reason) from error


def _kept(found: Path, catalogue: Path, keys: Sequence[Path], now: datetime) -> Renewal:
    """Move `found` to `catalogue` where it is proven and newer."""
    newer = _proven(found, keys)
    if newer is None or newer.is_over(now):
        return Renewal(Renewed.NOT_PROVEN)
    older = _proven(catalogue, keys)
    if older is not None and _order(older) >= _order(newer):
        return Renewal(Renewed.SAME)
    _signature_of(found).replace(_signature_of(catalogue))
    found.replace(catalogue)
    return Renewal(Renewed.NEWER)


def _proven(path: Path, keys: Sequence[Path]) -> Catalogue | None:
    """Return the catalogue at `path`, None where it is none or no key of `keys` signed it."""
    try:
        proven = verify(path, keys=keys).verdict
        if proven is None or proven.state is not State.TRUSTED:
            return None
        return read_catalogue(path.read_bytes(), path.name)
    except QuetsachError as error:
        if error.problem.code == "E230":
            raise
        return None


def _order(catalogue: Catalogue) -> tuple[int, datetime]:
    return catalogue.serial, datetime.fromisoformat(catalogue.valid_until)


def _signature_of(path: Path) -> Path:
    return path.with_name(path.name + _SIGNATURE)
