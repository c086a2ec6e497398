"""ZIP archives of documents: each file in it is read as a document of its own."""

from quetsach.errors import QuetsachError
from quetsach.papers.contract import Limits, Paper
from quetsach.papers.gather import Gathering
from quetsach.papers.packages import Package, is_zip
from quetsach.papers.parts import Parts


class Archive:
    """Reads the files of a ZIP archive, archives within it too; nothing is written anywhere."""

    name = "zip"
    title = "ZIP archive"

    def knows(self, raw: bytes, name: str) -> bool:  # noqa: ARG002
        """Return whether `raw` is a ZIP file."""
        return is_zip(raw)

    def read(self, raw: bytes, name: str, limits: Limits) -> Paper:
        """Return what its files hold; `Place.part` names them.

        Errors: E411 when it is damaged, E414 when it was made to swell.
        """
        package = Package(raw, name, limits)
        out = Gathering(name, self.name, limits)
        with out.bounded():
            parts = Parts(out)
            for member in package.names:
                if member.startswith("__MACOSX/"):
                    continue
                try:
                    inner = package.read(member)
                except QuetsachError as error:
                    out.problems.append(error.problem)
                    continue
                parts.read(inner, member)
        return out.paper(raw)
