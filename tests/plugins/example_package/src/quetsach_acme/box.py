"""The Acme box: a file of names, one a line, that it watches or stops."""

from collections.abc import Sequence

from quetsach.plugins import BlockEntry, Files, IndicatorKind, Mode, Output, ReleaseSummary


def _render(entries: Sequence[BlockEntry], about: ReleaseSummary) -> Files:
    act = "stop" if about.mode is Mode.BLOCK else "note"
    lines = [
        f"# {about.mark} {about.list_id}",
        *(f"{act} {entry.indicator.key}" for entry in entries),
    ]
    return {"acme.rules": "\n".join(lines) + "\n"}


BOX = Output(
    name="acme-box",
    title="Acme box",
    covers=(IndicatorKind.NAME,),
    render=_render,
    use="Load acme.rules on the box.",
    undo_by="Load an empty file.",
)
