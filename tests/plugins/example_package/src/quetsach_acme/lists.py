"""Acme's lists: a line `%ACME-LIST`, then one name or address a line behind its number."""

from quetsach.plugins import FormReading, ListFile, ListRow, RefusalReason


class AcmeList:
    """One value a line; a line marked `?` is a guess of Acme's, and taken by nobody."""

    name = "acme-list"
    title = "Acme list"
    reads = "names and addresses"

    def read(self, file: ListFile) -> FormReading | None:
        """Return the rows, None for a file of another form."""
        if not file.is_text or not file.head[0].startswith("%ACME-LIST"):
            return None
        rows = []
        for number, line in enumerate(file.lines(), 1):
            text = line.rstrip("\n")
            if number == 1 or not text.strip():
                continue
            mark, _, value = text.partition(" ")
            refused = RefusalReason.NOT_FOR_DETECTION if mark.endswith("?") else None
            rows.append(ListRow(number, text, value.strip(), refused=refused))
        return FormReading(rows)


LIST = AcmeList()
