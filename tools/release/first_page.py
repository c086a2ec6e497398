"""Wait, two minutes at most, until a page answers 200; say how large it is: first_page.py URL."""

import sys
import time
import urllib.error
import urllib.request


def main(url: str) -> int:
    """Return 0 when the page is there, 1 when it is not."""
    reason = "no answer"
    for _second in range(120):
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                size = len(answer.read())
                print(f"   {url}: {answer.status}, {size} bytes")
                return 0 if answer.status == 200 else 1
        except (urllib.error.URLError, OSError) as error:
            reason = str(error)
        time.sleep(1)
    print(f"   {url}: {reason}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
