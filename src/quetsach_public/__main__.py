"""`python -m quetsach_public`: serve the public plane until it is stopped."""

import argparse
import os
import sys
from pathlib import Path
from typing import NoReturn

from quetsach_public.pages.site import SiteError, read_site
from quetsach_public.settings import THREADS, environment_over_file, settings


def main(words: list[str] | None = None) -> NoReturn:
    """Start the server in this process's place; exit 2 where there are no pages to serve."""
    parser = argparse.ArgumentParser(
        prog="quetsach_public",
        description="Serve the public pages of QUETSACH_PUBLIC_HOME, which the portal writes. "
        "QUETSACH_PUBLIC_PROXIES lists the networks of the own proxy, separated by commas.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=8001, help="port to listen on")
    parser.add_argument("--workers", type=int, help="number of processes; 2 if not given")
    parser.add_argument(
        "--threads", type=int, help=f"parallel requests in each process; {THREADS} if not given"
    )
    parser.add_argument(
        "--alone", action="store_true", help="without nginx: slow down fast callers itself"
    )
    options = parser.parse_args(words)
    if options.alone:
        os.environ["QUETSACH_PUBLIC_ALONE"] = "1"
    try:
        here, environ = settings(), environment_over_file()
        read_site(here.site)
    except (OSError, ValueError, SiteError) as error:
        parser.exit(2, f"There are no pages to serve in QUETSACH_PUBLIC_HOME: {error}\n")
    workers = options.workers or (here.workers if environ.get("QUETSACH_PUBLIC_WORKERS") else 2)
    threads = options.threads or here.threads
    # By the name of a module granian would look into the current folder first, whatever lies there.
    serving = Path(__file__).resolve().with_name("serving.py")
    # Without nginx, fast callers wait in this process; only coroutines wait at no cost.
    interface = (
        ("rsgi", "--loop", "asyncio", f"{serving}:serve_alone")
        if here.is_alone
        else (
            *("wsgi", "--blocking-threads", str(threads)),
            f"{serving}:serve",
        )
    )
    command = [
        *(sys.executable, "-P", "-m", "granian", "--no-ws", "--factory"),
        *("--http", "1", "--http1-header-read-timeout", "10000", "--workers-kill-timeout", "10"),
        *("--host", options.host, "--port", str(options.port), "--workers", str(workers)),
        *("--working-dir", str(serving.parents[1])),
        *("--log-level", "error", "--interface", *interface),
    ]
    # Processes know nothing of each other, but each serves its part of a pace.
    os.environ["QUETSACH_PUBLIC_WORKERS"] = str(workers)
    os.environ["QUETSACH_PUBLIC_THREADS"] = str(threads)
    os.execv(sys.executable, command)  # noqa: S606, nothing of it comes from outside


if __name__ == "__main__":
    main()
