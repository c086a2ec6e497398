"""Markdown of the generated pages: a page with its note, a table."""

from collections.abc import Iterable, Sequence

NOTE = "<!-- Written by `make docs`; a change here is overwritten. -->"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def page(title: str, *parts: str) -> str:
    """Return the text of a page: its title, the note that it is generated, and its parts."""
    return "\n\n".join((f"# {title}", NOTE, *parts)) + "\n"
