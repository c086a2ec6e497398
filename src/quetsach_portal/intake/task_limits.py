"""How much one submission may use of the machine."""

from quetsach.sandbox.contract import SandboxLimits

LIMITS = SandboxLimits()
