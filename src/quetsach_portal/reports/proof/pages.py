"""The text on the pages of a stranger's PDF, read in a process of its own."""

from quetsach.api.reports import PaperLimits, QuetsachError, read_paper

LIMITS = PaperLimits(
    bytes_in=64 * 1024 * 1024,
    pages=300,
    blocks=100_000,
    depth=0,
    seconds=15.0,
    ocr_pages=0,
    ocr_seconds=0.0,
    memory=1024 * 1024 * 1024,
    parts=0,
)


def text_of(raw: bytes) -> str:
    """Return the text of a PDF, "" where none can be read: a picture has no code to be found."""
    try:
        paper = read_paper(raw, "kiem-tra.pdf", LIMITS)
    except QuetsachError:
        return ""
    return "\n".join(block.text for block in paper.blocks)
