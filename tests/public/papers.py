"""Documents of which a printed copy can be checked, one in each state."""

from quetsach_public.documents import DocumentStatus, PublicDocument

CODE, OLD = "5b2f50a84b3fae7c", "0123456789abcdef"
REPORT = PublicDocument(
    "UBND xã A & B", "05/BC-UBND", "2022-09-20", DocumentStatus.VALID, code=CODE, version=2
)
REPLACED = PublicDocument(
    "UBND xã A & B",
    "04/BC-UBND",
    "2022-09-19",
    DocumentStatus.REPLACED,
    code=OLD,
    version=1,
    by_number="05/BC-UBND",
    by_day="2022-09-20",
    by_version=2,
)
LETTER = PublicDocument(
    "UBND huyện", "12/UBND-TH", "2022-09-05", DocumentStatus.VALID, subject="quét <mã> độc"
)
UNDONE = PublicDocument("UBND huyện", "13/UBND-TH", "2022-09-06", DocumentStatus.UNDONE)
UNNUMBERED = PublicDocument("UBND xã C", "", "", DocumentStatus.HANDED_IN, code="f" * 16, version=1)
BASIS = PublicDocument("Sở D", "1790/STTTT", "2022-08-30", DocumentStatus.BASIS)
ALL = (REPORT, REPLACED, LETTER, UNDONE, UNNUMBERED, BASIS)
