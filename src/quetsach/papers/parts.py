"""Documents inside documents: attachments, files of an archive, objects in a letter."""

from quetsach.errors import QuetsachError
from quetsach.papers.gather import EnoughError, Gathering
from quetsach.texts import _


class Parts:
    """Reads the parts of one document into its Gathering, within the limits."""

    def __init__(self, out: Gathering) -> None:
        self._out = out
        self._count = 0

    def read(self, raw: bytes, name: str) -> None:
        """Read a part by the reader that knows it; what cannot be read becomes a problem."""
        # A part may be of any kind, also of the kind of the document around it.
        from quetsach.papers.read import read_paper

        out = self._out
        out.check_now()
        self._count += 1
        if self._count > out.limits.parts:
            raise EnoughError(_("%(count)s parts") % {"count": out.limits.parts})
        where = f"{out.name}/{name}"
        if out.limits.depth <= 0:
            out.problems.append(QuetsachError("E413", where, limit=_("parts within parts")).problem)
            return
        try:
            paper = read_paper(raw, where, out.left())
        except QuetsachError as error:
            out.problems.append(error.problem)
            return
        out.take(paper, name)
