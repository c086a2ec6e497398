"""Print the scoreboard: `python -m tools.scoreboard`; `--product bind --wrong` shows each case."""

import sys

from tools.scoreboard.command import main

sys.exit(main())
