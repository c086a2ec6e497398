"""How much one submission may use of the machine."""

from quetsach_portal.apart.boundary import Limits

LIMITS = Limits()
