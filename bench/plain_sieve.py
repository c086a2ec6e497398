"""A sweep with the pure-Python sieve, as on a machine without the kernel.

Run as `python -m bench.plain_sieve LOG LIST OUT`.
"""

import sys
from dataclasses import replace
from pathlib import Path

from quetsach.api import sweeps


def main(log: str, listed: str, out: str) -> None:
    """Sweep `log` for the list and write the findings to `out`."""
    request = sweeps.sweep_request(evidence=[log], lists=[Path(listed)], out=Path(out))
    sweeps.sweep(replace(request, options=replace(request.options, sieve="python")))


# The plain sieve runs in processes of its own, which import this file anew.
if __name__ == "__main__":
    main(*sys.argv[1:])
