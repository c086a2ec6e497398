"""Files that browsers of the walk send again and again."""

from django.core.files.uploadedfile import SimpleUploadedFile


class Sent(SimpleUploadedFile):
    """A file that can be sent again and again."""

    def read(self, *size: int) -> bytes:
        """Return all of it, from its beginning."""
        self.seek(0)
        return super().read(*size)


def pdf(name: str = "bang-chung.pdf") -> Sent:
    """Return a small PDF."""
    return Sent(name, b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")
