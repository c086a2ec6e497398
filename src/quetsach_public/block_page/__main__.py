"""`python -m quetsach_public.block_page`: serve an office's held page until it is stopped."""

import argparse
import os
import sys
from pathlib import Path
from typing import NoReturn

from quetsach_public.block_page.forms import read_names
from quetsach_public.block_page.releasing import ReleaseMethod
from quetsach_public.block_page.settings import VARIABLE, BlockPageSettings


def main(words: list[str] | None = None) -> NoReturn:
    """Start the server in this process's place; exit 2 where it cannot."""
    parser = argparse.ArgumentParser(
        prog="quetsach_public.block_page",
        description="Serve the page to which the office's resolver leads listed names.",
    )
    parser.add_argument("--host", default="0.0.0.0", help="address to listen on")  # noqa: S104
    parser.add_argument("--port", type=int, default=80, help="port to listen on")
    parser.add_argument("--home", type=Path, default=Path("held"), help="folder for what it notes")
    parser.add_argument("--names", type=Path, help="folder of the release, to name what is listed")
    parser.add_argument(
        "--release", choices=[one.value for one in ReleaseMethod], default=ReleaseMethod.NONE.value
    )
    parser.add_argument("--office", default="", help="whose page it is")
    parser.add_argument("--phone", default="", help="the technician's phone")
    parser.add_argument("--wait", type=int, default=10, help="minutes without a call, to be quiet")
    parser.add_argument("--hours", type=int, default=4, help="hours that a release lasts")
    asked = parser.parse_args(words)
    if not 1 <= asked.wait <= 24 * 60 or not 1 <= asked.hours <= 7 * 24:
        parser.exit(2, "--wait is 1 to 1440 minutes, --hours 1 to 168.\n")
    try:
        asked.home.mkdir(parents=True, exist_ok=True)
        if asked.names is not None:
            read_names(asked.names)
    except (OSError, ValueError) as error:
        parser.exit(2, f"The held page cannot start: {error}\n")
    made = BlockPageSettings(
        home=asked.home.resolve(),
        names=None if asked.names is None else asked.names.resolve(),
        way=ReleaseMethod(asked.release),
        office=asked.office,
        phone=asked.phone,
        wait_s=60.0 * asked.wait,
        release_s=3600.0 * asked.hours,
    )
    os.environ[VARIABLE] = made.as_text()
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--workers", "1"),
        *("--host", asked.host, "--port", str(asked.port), "--blocking-threads", "8"),
        *("--log-level", "warning", "quetsach_public.block_page.serving:application"),
    ]
    os.execv(sys.executable, command)  # noqa: S606, nothing of it comes from outside


if __name__ == "__main__":
    main()
