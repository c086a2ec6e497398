"""A letter read from its file, held against the forms and the lists that are known."""

from itertools import islice
from pathlib import Path

from quetsach.errors import QuetsachError
from quetsach.indicators.options import ListOptions
from quetsach.indicators.read import read_lists
from quetsach.letters.model import Indicators, KnownForm, Letter
from quetsach.papers.contract import Limits, Paper
from quetsach.texts import _

MOST_PLACES = 50
"""How many places of indicators a letter names; their list has all."""


def read_letter(path: Path) -> Letter:
    """Return what the letter in the file `path` says, and what it leaves open.

    Errors: E101, E104, E413 for the file; E410 to E417 for its kind.
    """
    # Imported where it is used: a sweep reads no letters.
    from quetsach.letters.read import read_letter as letter_in
    from quetsach.papers.read import read_paper

    try:
        size = path.stat().st_size
        limit = Limits().bytes_in
        if size > limit:
            raise QuetsachError("E413", path.name, limit=f"{limit:,} bytes")
        raw = path.read_bytes()
    except FileNotFoundError as error:
        raise QuetsachError("E101", str(path)) from error
    except OSError as error:
        raise QuetsachError("E104", str(path), reason=error.strerror) from error
    paper = read_paper(raw, path.name)
    return letter_in(paper, known=_known_forms(), count=lambda _paper: _counted(path, paper))


def _counted(path: Path, paper: Paper) -> Indicators | None:
    """Return how many indicators the list reader finds in the file, or None if it knows it not.

    A scan is not read a second time: that costs minutes.
    """
    if paper.by_ocr:
        return None
    try:
        found = read_lists([path], ListOptions()).indicators
    except QuetsachError:
        return None
    origins = (one.origins[0] for one in found)
    places = dict.fromkeys(one.place or _("row %(row)s") % {"row": one.row} for one in origins)
    return Indicators(len(found), tuple(islice(places, MOST_PLACES)))


def _known_forms() -> tuple[KnownForm, ...]:
    """Return the forms of this program as a letter's appendix would show them."""
    from quetsach.forms.reading import shipped_codes, shipped_form

    return tuple(
        KnownForm(
            form.code,
            form.title.vi,
            tuple(field.label.vi for section in form.sections for field in section.fields),
            tuple(
                tuple(column.vi for column in section.table.columns)
                for section in form.sections
                if section.table is not None
            ),
            tuple(
                row.label.vi
                for section in form.sections
                if section.table is not None
                for row in section.table.rows
            ),
        )
        for form in map(shipped_form, shipped_codes())
    )
