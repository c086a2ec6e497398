"""What a release says of itself, for a page that shows it: title, counts, digest and its words."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from quetsach.errors import QuetsachError
from quetsach.indicators.release import read_release
from quetsach.run.sealing import look_at
from quetsach.signing.judge import State, judge
from quetsach.signing.printed import words_of


@dataclass(frozen=True)
class ReleaseFacts:
    """A release, read whole and found sound.

    Shapes: `digest` is "sha256:..." of what is signed; `words` the 24 words that people compare
    over the telephone; `signed_by` the key numbers that signed it; `kinds` counts by kind.
    """

    title: str
    created: str
    digest: str
    words: tuple[str, ...]
    count: int
    kinds: Mapping[str, int]
    signed_by: tuple[str, ...]


def release_facts(path: Path) -> ReleaseFacts:
    """Return what the release in the file `path` says, after reading all of its lines.

    Errors: E220 when it is none, or was changed or cut off; E235 when a signature does not fit;
    E237 for the disk.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise QuetsachError("E237", str(path), reason=error.strerror or str(error)) from error
    release = read_release(raw, path.name)
    sealed = look_at(path)
    verdict = judge(sealed, ())
    if verdict.state is State.ALTERED:
        raise QuetsachError("E235", path.name, reason="; ".join(verdict.faults[:3]))
    kinds: dict[str, int] = {}
    for one in release.indicator_set.indicators:
        kinds[one.kind.value] = kinds.get(one.kind.value, 0) + 1
    return ReleaseFacts(
        title=release.title,
        created=release.created,
        digest=sealed.digest,
        words=words_of(sealed.digest),
        count=len(release.indicator_set.indicators),
        kinds=dict(sorted(kinds.items())),
        signed_by=tuple(one.key_id for one in verdict.signers),
    )
