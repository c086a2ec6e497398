"""The commands of `quetsach watch` and what they share."""

from datetime import datetime, timedelta

from quetsach.cli.watch import group
from quetsach.clocks import MICROSECONDS
from tests.cli.running import quetsach_here


def test_its_help_names_its_commands_and_the_first_steps() -> None:
    told = quetsach_here("watch", "--help").stdout.decode()
    assert all(name in told for name in ("run", "status", "check", "quetsach watch check"))
    assert "--once" in quetsach_here("watch", "run", "--help").stdout.decode()


def test_a_time_says_its_day_where_it_is_not_today() -> None:
    now = datetime.now().astimezone()
    assert group.clock_text(0) == "-"
    assert ":" in group.clock_text(int(now.timestamp() * MICROSECONDS))
    before = (now - timedelta(days=3)).timestamp()
    assert len(group.clock_text(int(before * MICROSECONDS))) > len("08:00:00")
