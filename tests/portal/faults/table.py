"""The table of tried faults of the portal in docs/reliability.md, between two marks."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from tests.portal.faults.running import Tried

BEGIN, END = "<!-- faults of the portal -->", "<!-- end of faults of the portal -->"
_LEFT = ("nothing", "a part", "all")


def written_into(page: str, tried: Iterable[Tried], head: str) -> str:
    """Return `page` with the table between its marks. Errors: ValueError without them."""
    before, rest = page[: page.index(BEGIN)], page[page.index(END) :]
    rows = {(one.act, one.call, one.line, one.number, one.fault): one for one in tried}
    reached = [one for one in rows.values() if one.left != "not reached"]
    by_room: dict[str, list[Tried]] = defaultdict(list)
    for one in reached:
        by_room[room_of(one.act)].append(one)
    titles = ["act", "acts", "sites", "faults", *(f"left {left}" for left in _LEFT), "not survived"]
    lines = [titles, ["---"] * len(titles)]
    lines += [_cells(room, by_room[room]) for room in sorted(by_room, key=_forms_first)]
    lines.append(_cells("all", reached))
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return f"{before}{BEGIN}\n\n{head}\n\n{table}\n\n{rest}"


def room_of(act: str) -> str:
    """Return the row in which an act stands: forms by their app, all else by itself."""
    if " " in act:
        return act
    return f"forms of {act.partition(':')[0].partition('_')[0]}"


def _forms_first(room: str) -> tuple[bool, bool, str]:
    return not room.startswith("forms of "), not room.startswith("job: "), room


def _cells(room: str, tried: Sequence[Tried]) -> list[str]:
    figures = (
        len({one.act for one in tried}),
        len({(one.call, one.line) for one in tried}),
        len(tried),
        *(sum(one.left == left for one in tried) for left in _LEFT),
        sum(bool(one.wrong) for one in tried),
    )
    return [room, *(f"{figure:,}" for figure in figures)]
