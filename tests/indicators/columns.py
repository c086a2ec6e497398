"""A great list in little: rows as columns, and indicators that are no simple values."""

import pyarrow as pa

from quetsach.indicators.column_building import BulkRows
from quetsach.indicators.indicator_columns import AS_ITS_KEY
from quetsach.indicators.model import (
    NO_CLAIM,
    Claim,
    Indicator,
    IndicatorKind,
    IndicatorStatus,
    MatchRule,
    Origin,
)

TEXT = "a.example\nb.example, Mirai\n203.0.113.7\n" + "0" * 32 + "\na.example, Mirai\n"
_KEYS = ("a.example", "b.example", "203.0.113.7", "0" * 32, "a.example")
_KINDS = (0, 0, 1, 2, 0)
_CLAIMS = (0, 1, 0, 0, 1)


def bulk(name: str = "great.txt", *, sha256: str = "0" * 64) -> BulkRows:
    """Return five rows: a.example in two of them, one of which names a malware."""
    places = (AS_ITS_KEY, TEXT.index("b."), AS_ITS_KEY, AS_ITS_KEY, TEXT.rindex("a.ex"))

    def column(values: tuple[object, ...], of_type: pa.DataType) -> pa.ChunkedArray:
        return pa.chunked_array([pa.array(values[:2], of_type), pa.array(values[2:], of_type)])

    return BulkRows(
        list_name=name,
        list_sha256=sha256,
        keys=column(_KEYS, pa.large_string()),
        kinds=column(_KINDS, pa.int8()),
        rows=column((1, 2, 3, 4, 5), pa.uint32()),
        claim_numbers=column(_CLAIMS, pa.uint32()),
        places=column(places, pa.uint32()),
        claims=(NO_CLAIM, Claim(family="Mirai")),
        text=TEXT.encode(),
    )


def some_indicators() -> list[Indicator]:
    """Return one of each kind that is no simple value, one of them in place of a row."""
    origin = Origin(
        "đính kèm.docx",
        "1" * 64,
        9,
        "Địa chỉ: 203[.]0[.]113[.]9:8080",
        "page 3",
        "12/CV",
        rule=None,
    )
    taken_back = Claim(status=IndicatorStatus.WITHDRAWN, label="sai")
    return [
        Indicator(
            *("203.0.113.9:8080", "203.0.113.9:8080", IndicatorKind.ADDRESS, MatchRule.IP_PORT),
            *(8080, Claim(valid_until_us=5), (origin, origin), ("cdn",), "watch"),
        ),
        Indicator("2001:db8::1", "2001:db8::1", IndicatorKind.ADDRESS, MatchRule.EXACT),
        Indicator("198.51.100.0/24", "198.51.100.0/24", IndicatorKind.NETWORK, MatchRule.CIDR),
        Indicator(
            "c2.example/gate", "http://c2.example/gate", IndicatorKind.URL, MatchRule.URL_PREFIX
        ),
        Indicator("b-a.example", "b-a.example", IndicatorKind.NAME, MatchRule.EXACT),
        Indicator(
            "xn--bd-fka.example",
            "bäd.example",
            IndicatorKind.NAME,
            MatchRule.BELOW,
            None,
            taken_back,
        ),
        Indicator(
            "ja3:" + "0" * 32, "ja3:" + "0" * 32, IndicatorKind.FINGERPRINT, MatchRule.FINGERPRINT
        ),
    ]
