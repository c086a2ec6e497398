"""The texts of a Word document."""

from io import BytesIO

from docx import Document


def texts(data: bytes) -> list[str]:
    document = Document(BytesIO(data))
    return [
        "".join(t.text or "" for t in p.iter("{*}t")) for p in document.element.body.iter("{*}p")
    ]
