"""How much one submission may use of the machine."""

from quetsach_portal.intake.boundary import Limits

LIMITS = Limits()
