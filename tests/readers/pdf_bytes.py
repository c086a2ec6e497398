"""PDF files written by hand, object by object."""

from collections.abc import Sequence


def written(objects: Sequence[bytes], head: bytes = b"%PDF-1.7\n") -> bytes:
    """Return a PDF of `objects`, the first of which is its catalogue."""
    out, places = bytearray(head), []
    for number, one in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % at for at in places)
    out += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)
    return bytes(out)


def stream(content: bytes, more: bytes = b"") -> bytes:
    return b"<</Length %d%s>>stream\n%s\nendstream" % (len(content), more, content)


FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"


def one_page(content: bytes, more: bytes = b"", page: bytes = b"") -> bytes:
    return written(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R"
            b"/Resources<</Font<</F 5 0 R>>>>%s>>" % page,
            stream(content, more),
            FONT,
        ]
    )


def text_at(x: int, y: int, text: str) -> bytes:
    return f"BT /F 12 Tf {x} {y} Td ({text}) Tj ET\n".encode()
