"""The proof bundle: one file that shows, without any network, what a report's figures rest on."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from quetsach.forms.version import Version


class Fit(StrEnum):
    """What can be said of one version that a bundle names."""

    FITS = "fits"
    MISSING = "missing"
    CHANGED = "changed"


@dataclass(frozen=True)
class Held:
    """One version that a bundle names: whose, which, its digest, and whether it fits."""

    node: str
    name: str
    version: int
    digest: str
    fit: Fit


@dataclass(frozen=True)
class Verified:
    """What a bundle proves. `faults` are sentences on what was changed or does not add up."""

    root: Version | None
    digest: str
    held: tuple[Held, ...]
    faults: tuple[str, ...]

    @property
    def missing(self) -> tuple[Held, ...]:
        """The versions that it names and does not hold."""
        return tuple(one for one in self.held if one.fit is Fit.MISSING)


def write_bundle(root: Version, others: Sequence[Version] = ()) -> bytes:
    """Return the bundle of `root` with those of `others` that belong to it."""
    raise NotImplementedError


def verify_bundle(data: bytes) -> Verified:
    """Return what fits in a bundle, what is missing and what was changed."""
    raise NotImplementedError
