"""Notices traced in the sandbox; no Django in here."""

from pathlib import Path

import msgspec

from quetsach.sandbox.contract import ReportProgress, SandboxLimits, encode_answer

LIMITS = SandboxLimits(memory=4 << 30, seconds=2 * 3600, answer=512 << 20)
ACT = "quetsach_portal.intake.sandboxed_trace:act"


class TraceGiven(msgspec.Struct, frozen=True):
    """Where the notices lie, and what a unit has to trace them in."""

    notices: str
    evidence: tuple[str, ...]
    leases: tuple[str, ...]
    nat: tuple[str, ...]
    inventory: tuple[str, ...]
    plans: tuple[str, ...]

    def files(self) -> tuple[str, ...]:
        """Return all that is read."""
        given = (self.evidence, self.leases, self.nat, self.inventory, self.plans)
        return (self.notices, *(one for some in given for one in some))


def act(request_bytes: bytes, _report: ReportProgress) -> bytes:
    """Answer what each notice was traced to, as `trace --json` prints it."""
    from quetsach.api import problems, traces

    files = msgspec.json.decode(request_bytes, type=TraceGiven)
    with problems.in_language("vi"):
        try:
            request = traces.trace_request(
                notices=[files.notices],
                evidence=files.evidence,
                leases=files.leases,
                nat=files.nat,
                inventory=[Path(one) for one in files.inventory],
                plans=[Path(one) for one in files.plans],
                workers=1,
            )
            return encode_answer(traces.trace(request))
        except problems.QuetsachError as error:
            problem = error.problem
            return encode_answer(problem=f"{problem.what()} {problem.todo()}")
