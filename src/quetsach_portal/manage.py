"""Django's commands: `quetsach manage ...`, or `python -m quetsach_portal.manage ...`."""

import os
import sys

from django.core.management import execute_from_command_line


def main(arguments: list[str] | None = None) -> None:
    """Run one of Django's or the portal's commands."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quetsach_portal.config.settings")
    words = sys.argv[1:] if arguments is None else arguments
    execute_from_command_line(["quetsach manage", *words])


if __name__ == "__main__":
    main()
