"""`python -m tests.portal.faults`: acts of the portal under faults.

--whole tries all and writes each try to a file; else a sample of so many seconds, by a seed.
"""

import argparse
import logging
import os
import sys
import tempfile
from pathlib import Path


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.portal.faults", description=__doc__)
    parser.add_argument("--whole", action="store_true", help="try everything")
    parser.add_argument("--only", default="", help="acts whose name has this in it")
    parser.add_argument("--seconds", type=float, default=30.0, help="of a sample")
    parser.add_argument("--seed", default="", help="of a sample; else the day")
    parser.add_argument("--share", default="1/1", help="the k-th of n parts of a whole run: k/n")
    parser.add_argument("--log", type=Path, default=None, help="a line of JSON for each try")
    parser.add_argument("--write", type=Path, default=None, help="the page with the table")
    return parser.parse_args()


def main() -> int:
    """Run; return 1 where an act did not stand a fault."""
    options = _arguments()
    shared = Path("/dev/shm")
    parent = shared if shared.is_dir() and os.access(shared, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="quetsach-faults-", dir=parent) as folder:
        home = Path(folder, "home")
        home.mkdir()
        os.environ["QUETSACH_HOME"] = str(home)
        os.environ["DATABASE_URL"] = f"sqlite://{home}/db.sqlite3"
        os.environ["DJANGO_SETTINGS_MODULE"] = "tests.portal.settings"
        import django

        django.setup()
        # Each fault is logged, as it should be: thousands of lines that say nothing new.
        logging.disable(logging.CRITICAL)
        from tests.portal.faults.trials import run

        return run(options, Path(folder))


if __name__ == "__main__":
    sys.exit(main())
