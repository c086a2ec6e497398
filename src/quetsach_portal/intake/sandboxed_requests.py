"""The act in the sandbox that answers a request for the holders of addresses; no Django in here."""

from pathlib import Path

import msgspec

from quetsach.sandbox.contract import ReportProgress, encode_answer

ANSWER = "quetsach_portal.intake.sandboxed_requests:answer_in_sandbox"


class RequestInput(msgspec.Struct, frozen=True):
    """The path of the letter in the sandbox's folder, and the evidence of a unit to trace it in.

    Shapes: `public` are networks of the unit; `zone` is the declared one, or "".
    """

    letter: str
    evidence: tuple[str, ...]
    leases: tuple[str, ...]
    nat: tuple[str, ...]
    inventory: tuple[str, ...]
    plans: tuple[str, ...]
    public: tuple[str, ...] = ()
    zone: str = ""

    def files(self) -> tuple[str, ...]:
        """Return all that is read besides the folder."""
        return (*self.evidence, *self.leases, *self.nat, *self.inventory, *self.plans)


def answer_in_sandbox(request_bytes: bytes, _report: ReportProgress) -> bytes:
    """Answer who held the addresses, as `HolderAnswer.as_json` gives it, or the problem."""
    from quetsach.api import holders, letters, problems, traces

    files = msgspec.json.decode(request_bytes, type=RequestInput)
    with problems.in_language("vi"):
        try:
            letter = letters.read_letter(Path(files.letter))
            request = traces.trace_request(
                notices=(),
                evidence=files.evidence,
                leases=files.leases,
                nat=files.nat,
                inventory=[Path(path) for path in files.inventory],
                plans=[Path(path) for path in files.plans],
                public=files.public,
                workers=1,
            )
            answer = holders.answer_holders(letter, request, zone=files.zone)
            return encode_answer(answer.as_json())
        except problems.QuetsachError as error:
            problem = error.problem
            return encode_answer(problem=f"{problem.what()}. {problem.todo()}")
