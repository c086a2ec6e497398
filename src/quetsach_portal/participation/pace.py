"""How often one address counts for a code, as on the public page: in memory alone, and forgotten.

Each process of the portal counts for itself. Who presses more is thanked all the same.
"""

from quetsach_public.addresses import caller_of
from quetsach_public.joining import HOUR, OF_A_CODE
from quetsach_public.limits import Limits

_of_code = Limits(OF_A_CODE / HOUR, OF_A_CODE)


def is_in_pace(address: str, code_id: int) -> bool:
    """Note a press of `address` for a code; False when it presses faster than people do."""
    # Of IPv6 whoever has one address has its whole network of 2^64.
    return _of_code.within(hash((caller_of(address) or address, code_id)))
