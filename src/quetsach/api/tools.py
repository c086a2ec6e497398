"""Ask a campaign's public page for its newest catalogue of tools, and keep it for the old one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from quetsach.api.verifying import Verification, verify
from quetsach.errors.exceptions import QuetsachError
from quetsach.indicators.fetch.connection import FetchBounds, HttpClient, parse_target
from quetsach.scratch_folders import scratch_folder
from quetsach.signing import signature
from quetsach.signing.signature import SignatureState
from quetsach.trusted_tools import MOST_BYTES, ToolMatch, find
from quetsach.trusted_tools import Catalogue as Catalogue
from quetsach.trusted_tools import TrustedTool as TrustedTool
from quetsach.trusted_tools import catalogue_json as catalogue_json
from quetsach.trusted_tools import read_catalogue as read_catalogue

ASKED_AT = "/cong-cu/tools.json"
_SIGNATURE = ".sig"
_BOUNDS = FetchBounds(wait_s=10.0, request_s=60.0, largest=2 * MOST_BYTES)


class RenewalOutcome(StrEnum):
    """What came of it."""

    NEWER = "newer"
    SAME = "same"
    NOT_PROVEN = "not-proven"
    UNREACHED = "unreached"


@dataclass(frozen=True)
class CatalogueRenewal:
    """What came of asking, and why where nothing did."""

    state: RenewalOutcome
    why: str = ""


def renew_catalogue(
    catalogue: Path, page: str, *, keys: Sequence[Path] = (), now: datetime | None = None
) -> CatalogueRenewal:
    """Put the newest catalogue of the public page `page` at `catalogue`, signature beside it.

    Only one that a key of `keys` signed, that is not over and no older takes the place of another.
    Errors: E214 for `page`, E230 for keys, E237 when the file cannot be written. A page that does
    not answer is no error: whoever is offline goes on with what there is.
    """
    target = parse_target(page)
    client = HttpClient(target, {}, _BOUNDS)
    try:
        answer = client.get(target.at(ASKED_AT))
        # Beside the very file that was answered: a newer one may have come in between.
        signature = client.get(answer.address.at(answer.address.path + _SIGNATURE))
    except QuetsachError as error:
        return CatalogueRenewal(RenewalOutcome.UNREACHED, str(error))
    try:
        with scratch_folder(catalogue.parent) as spare:
            path = spare / catalogue.name
            path.write_bytes(answer.body)
            _signature_of(path).write_bytes(signature.body)
            return _kept(path, catalogue, keys, datetime.now(UTC) if now is None else now)
    except OSError as error:
        reason = error.strerror or str(error)
        raise QuetsachError("E237", str(catalogue), reason=reason) from error


def _kept(download: Path, catalogue: Path, keys: Sequence[Path], now: datetime) -> CatalogueRenewal:
    """Move `download` to `catalogue` where it is proven and newer."""
    newer = _proven(download, keys)
    if newer is None or newer.is_over(now):
        return CatalogueRenewal(RenewalOutcome.NOT_PROVEN)
    older = _proven(catalogue, keys)
    if older is not None and _order(older) >= _order(newer):
        return CatalogueRenewal(RenewalOutcome.SAME)
    _signature_of(download).replace(_signature_of(catalogue))
    download.replace(catalogue)
    return CatalogueRenewal(RenewalOutcome.NEWER)


def _proven(path: Path, keys: Sequence[Path]) -> Catalogue | None:
    """Return the catalogue at `path`, None where it is none or no key of `keys` signed it."""
    try:
        proven = verify(path, keys=keys).verdict
        if proven is None or proven.state is not SignatureState.TRUSTED:
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


OLD_AFTER_DAYS = 8
"""A week, and a day for it to come."""


@dataclass(frozen=True)
class ToolCheck:
    """The file's digest, what the catalogue says of it, and what the catalogue itself is worth.

    Exit code: 0 the file is a tool of a catalogue that is proven; 2 it is none or was withdrawn, or
    the catalogue was altered; 3 it is one, by a catalogue that nobody we trust has signed or that
    is over: a newer one may have withdrawn it.
    """

    sha256: str
    found: ToolMatch
    catalogue: Verification
    content: Catalogue
    is_over: bool
    exit_code: int
    age_days: int | None = None
    """Since it was signed; None where nothing says when."""

    @property
    def is_old(self) -> bool:
        """True when a newer one should be there: catalogues are signed anew each week."""
        return self.age_days is not None and self.age_days > OLD_AFTER_DAYS


def verify_tool(
    path: Path, catalogue: Path, *, keys: Sequence[Path] = (), now: datetime | None = None
) -> ToolCheck:
    """Return whether the file at `path` is in the catalogue at `catalogue`, as of `now`.

    Errors: E237 for files that cannot be read, E270 for what is no catalogue, E230 for keys.
    """
    proven = verify(catalogue, keys=keys)
    try:
        with catalogue.open("rb") as file:
            content = read_catalogue(file.read(MOST_BYTES + 1), str(catalogue))
        with path.open("rb") as file:
            digest = signature.digest_of(file).removeprefix("sha256:")
    except OSError as error:
        reason = error.strerror or str(error)
        raise QuetsachError("E237", str(error.filename or path), reason=reason) from error
    match = find(content, digest, path.name)
    now = datetime.now(UTC) if now is None else now
    is_over = content.is_over(now)
    code = _exit_code(match, proven, is_over)
    return ToolCheck(digest, match, proven, content, is_over, code, _age_days(proven, now))


def _exit_code(found: ToolMatch, proven: Verification, is_over: bool) -> int:
    state = None if proven.verdict is None else proven.verdict.state
    if found.tool is None or state is SignatureState.ALTERED:
        return 2
    return 0 if state is SignatureState.TRUSTED and not is_over else 3


def _age_days(proven: Verification, now: datetime) -> int | None:
    """Return the days since the newest signature of a key that is trusted."""
    signers = () if proven.verdict is None else proven.verdict.signers
    times = [_time(one.signed) for one in signers if one.trusted]
    known = [one for one in times if one is not None]
    return (now - max(known)).days if known else None


def _time(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None
