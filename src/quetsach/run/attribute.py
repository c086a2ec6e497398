"""Who was behind an address at a time: asked of evidence directly, without any indicator."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from quetsach.attribute.attribution import Attribution, Seen
from quetsach.attribute.model import Outside
from quetsach.findings.residue import lack_text
from quetsach.findings.steps import machine_json, steps_json
from quetsach.indicators.model import IndicatorSet
from quetsach.pipeline.job import Options
from quetsach.run.knowledge import Knowledge
from quetsach.run.picture import picture_of
from quetsach.run.sweep import SweepRequest, read_evidence
from quetsach.texts import _


@dataclass(frozen=True)
class Question:
    """An address, inside or one of our public ones, with its port where it is known, at a time.

    Units: us since 1970, UTC; None where the time is not known.
    """

    address: str
    when_us: int | None
    port: int | None = None


@dataclass(frozen=True)
class AttributeRequest:
    """What to ask, of which evidence, with which of the office's own tables."""

    questions: Sequence[Question]
    evidence: Sequence[str]
    options: Options = field(default_factory=Options)
    knowledge: Knowledge = field(default_factory=Knowledge)
    workers: int | None = None


def attribute(request: AttributeRequest) -> list[dict[str, Any]]:
    """Return for each question the device, how sure, its rivals and the steps that lead there.

    Shapes: one mapping a question, in order: `address`, `device` (None where nobody can be named),
    `grade`, `rivals`, `steps` and `machine` as in devices.json, `role`, `missing`.
    """
    zone = ZoneInfo(request.options.zone)
    asked = tuple(Outside(one.address, one.port, one.when_us) for one in request.questions)
    sweep = SweepRequest(
        evidence=request.evidence,
        indicators=IndicatorSet(()),
        target=Path(),
        options=request.options,
        workers=request.workers,
        knowledge=request.knowledge,
    )
    with TemporaryDirectory(prefix="quetsach-") as spool:
        read = read_evidence(sweep, Path(spool))
        picture = picture_of(read.gathered, read.plan, read.tools, request.knowledge, asked)
        return [
            _answer(one, picture.attributor.attribute(_seen(one)), zone)
            for one in request.questions
        ]


def _seen(one: Question) -> Seen:
    return Seen(
        source=one.address,
        destination=None,
        direction="outbound",
        field="source.ip",
        when_us=one.when_us,
        source_port=one.port,
    )


def _answer(asked: Question, found: Attribution, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "address": asked.address,
        "device": found.device or None,
        "inside_address": found.address or None,
        "grade": str(found.grade),
        "rivals": [
            {"device": one.device, "because": _(one.reason) if one.reason else ""}
            for one in found.rivals
        ],
        "steps": steps_json(found.steps, zone),
        "machine": machine_json(found.machine),
        "role": str(found.role),
        "missing": lack_text(found.lack),
    }
