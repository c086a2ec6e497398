"""`quetsach watch check` says in words what is missing."""

from quetsach.api.watches import WatchCheck
from quetsach.cli.watch.check import check_line
from quetsach.texts import use_language


def test_each_thing_is_said_in_words() -> None:
    use_language("en")
    assert check_line(WatchCheck("disk", True, str(3 << 30))) == "✓ free on its disk: 3.0 GiB"
    assert check_line(WatchCheck("list", False, "0")) == "! indicators: 0"
    assert check_line(WatchCheck("list", True, "1200")) == "✓ indicators: 1,200"
    assert "8 MiB with sysctl" in check_line(WatchCheck("buffer", False, str(1 << 20)))
    assert "pure Python" in check_line(WatchCheck("speed", False, "python"))
    assert "compiled" in check_line(WatchCheck("speed", True, "rust"))
    assert check_line(WatchCheck("planted", True, "20/20")).endswith("20/20")
