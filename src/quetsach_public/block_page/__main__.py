"""`python -m quetsach_public.block_page`: serve an office's block page until it is stopped."""

import argparse
import os
import sys
from pathlib import Path
from typing import NoReturn

from quetsach.instructions.steps import MachinePlace
from quetsach_public.block_page.forms import read_names
from quetsach_public.block_page.releasing import ReleaseMethod
from quetsach_public.block_page.settings import VARIABLE, BlockPageSettings


def main(words: list[str] | None = None) -> NoReturn:
    """Start the server in this process's place; exit 2 where it cannot."""
    parser = argparse.ArgumentParser(
        prog="python -m quetsach_public.block_page",
        description="Serve the page that the office's resolver shows for listed names.",
    )
    parser.add_argument("--host", default="0.0.0.0", help="address to listen on")  # noqa: S104
    parser.add_argument("--port", type=int, default=80, help="port to listen on")
    parser.add_argument("--home", type=Path, default=Path("held"), help="folder for its records")
    parser.add_argument("--names", type=Path, help="folder of the release, to show listed names")
    parser.add_argument(
        "--release", choices=[one.value for one in ReleaseMethod], default=ReleaseMethod.NONE.value
    )
    parser.add_argument("--office", default="", help="name of the office")
    parser.add_argument(
        "--phone", default="", help="the technician's phone, else that of the leading office"
    )
    parser.add_argument(
        "--place",
        choices=[one.value for one in MachinePlace],
        default=MachinePlace.OFFICE.value,
        help="whose machines ask; decides which steps the page shows",
    )
    parser.add_argument(
        "--wait", type=int, default=10, help="minutes without a request that count as quiet"
    )
    parser.add_argument("--hours", type=int, default=4, help="duration of a release in hours")
    options = parser.parse_args(words)
    if not 1 <= options.wait <= 24 * 60 or not 1 <= options.hours <= 7 * 24:
        parser.exit(2, "--wait is 1 to 1440 minutes, --hours 1 to 168.\n")
    try:
        options.home.mkdir(parents=True, exist_ok=True)
        if options.names is not None:
            read_names(options.names)
    except (OSError, ValueError) as error:
        parser.exit(2, f"The block page cannot start: {error}\n")
    settings = BlockPageSettings(
        home=options.home.resolve(),
        names=None if options.names is None else options.names.resolve(),
        way=ReleaseMethod(options.release),
        office=options.office,
        phone=options.phone,
        place=MachinePlace(options.place),
        wait_s=60.0 * options.wait,
        release_s=3600.0 * options.hours,
    )
    os.environ[VARIABLE] = settings.as_text()
    command = _server(options.host, options.port)
    os.execv(sys.executable, command)  # noqa: S606, nothing of it comes from outside


def _server(host: str, port: int) -> list[str]:
    """Return the command that answers requests."""
    # By the name of a module granian would look into the current folder first, whatever lies there.
    app = Path(__file__).resolve().with_name("app.py")
    return [
        *(
            sys.executable,
            "-P",
            "-m",
            "granian",
            "--interface",
            "wsgi",
            "--no-ws",
            "--workers",
            "1",
        ),
        *("--host", host, "--port", str(port), "--blocking-threads", "8"),
        *("--log-level", "warning", "--factory", f"{app}:serve"),
        *("--working-dir", str(app.parents[2])),
    ]


if __name__ == "__main__":
    main()
