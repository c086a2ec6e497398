"""Only what a browser truly tells: Windows 10 and 11 say the same, Chrome hides its Android."""

import pytest

from quetsach_public.answers import hints, platform

CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{} Mobile Safari/537.36"


@pytest.mark.parametrize(
    ("agent", "said", "steps"),
    [
        (
            "Mozilla/5.0 (Windows NT 6.1; rv:78.0) Gecko/20100101 Firefox/78.0",
            ["Windows 7", "Firefox 78"],
            "windows",
        ),
        ("Mozilla/5.0 (Windows NT 10.0; Win64) " + CHROME.format("140.0.0.0"), [], "windows"),
        ("Mozilla/5.0 (Linux; Android 10; K) " + CHROME.format("140.0.0.0"), [], "android"),
        (
            "Mozilla/5.0 (Linux; Android 9; SM-J4) " + CHROME.format("88.0.1"),
            ["Android 9", "Chrome 88"],
            "android",
        ),
        (
            "Mozilla/5.0 (Linux; Android 4.4.2; Box) " + CHROME.format("140.0.0.0"),
            ["Android 4"],
            "android",
        ),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 12_5 like Mac OS X)", ["iOS 12"], "ios"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Safari/605", [], "macos"),
        (
            "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 5.1)",
            ["Windows XP", "Internet Explorer"],
            "windows",
        ),
        ("", [], "other"),
        ("x" * 100_000, [], "other"),
    ],
)
def test_what_a_browser_says(agent: str, said: list[str], steps: str) -> None:
    assert [one.what for one in hints(agent)] == said
    assert platform(agent) == steps
