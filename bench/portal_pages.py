"""The pages of the demo: how large each is as it is sent, and how long it takes, in every role.

`python -m bench.portal_pages HOME` follows the links of the demo that stands in HOME (`quetsach
manage demo`), as one person of each role, to two pages of each kind. Each is weighed in every role,
and timed in the first role that comes to its kind; the first page is timed in all. The first screen
is the HTML as it is sent, before any packing; style sheets and scripts are the same for all pages
and stay in the browser. A page is too large above 60 KB, and too slow where the 95th percentile of
its answers takes 300 ms of processor or more, which other work on the machine does not change; the
clock is told beside it.
"""

import os
import re
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.machine import described

MOST_BYTES, MOST_MS = 60_000, 300.0
OF_A_KIND, TIMES, MOST_PAGES = 2, 8, 300
_LINK = re.compile(r'href="(/[^"#]*|\?[^"#]*)')
_SKIPPED = re.compile(
    r"^/(?:account|static|language|api|logout)|\.(?:zip|csv|xlsx|json|pdf|docx|txt|svg)"
)


@dataclass(frozen=True)
class MeasuredPage:
    """A page as one person gets it: its HTML in bytes, and its 95th percentiles in ms.

    Shapes: both times are 0 where pages of this kind were timed in another role.
    """

    role: str
    address: str
    size: int
    cpu_ms: float
    clock_ms: float

    @property
    def kind(self) -> str:
        """The address without its numbers."""
        return re.sub(r"\d+", "N", self.address)

    @property
    def is_over(self) -> bool:
        """True where the page is too large or too slow."""
        return self.size > MOST_BYTES or self.cpu_ms >= MOST_MS


def walked(client: Any, role: str, timed: set[str]) -> Iterator[MeasuredPage]:
    """Yield the pages to which links lead from the first one, two of each kind.

    Kinds that are `timed` are only weighed; the new ones are put into it.
    """
    todo, known = deque(["/"]), {"/": 1}
    seen: set[str] = {"/"}
    pages = 0
    while todo and pages < MOST_PAGES:
        address = todo.popleft()
        answer = client.get(address)
        is_page = answer.headers.get("Content-Type", "").startswith("text/html")
        if answer.status_code != 200 or not is_page or answer.streaming:
            answer.close()
            continue
        pages += 1
        size, kind = len(answer.content), re.sub(r"\d+", "N", address)
        is_new = address == "/" or kind not in timed
        timed.add(kind)
        times = times_of(client, address) if is_new else (0.0, 0.0)
        yield MeasuredPage(role, address, size, *times)
        for link in links_of(address, answer.content.decode()):
            alike = re.sub(r"\d+", "N", link)
            if link not in seen and known.get(alike, 0) < OF_A_KIND:
                seen.add(link)
                known[alike] = known.get(alike, 0) + 1
                todo.append(link)


def links_of(address: str, html: str) -> list[str]:
    """Return the pages to which a page leads, without files."""
    path = address.partition("?")[0]
    links = [link.replace("&amp;", "&") for link in _LINK.findall(html)]
    whole = [path + link if link.startswith("?") else link for link in links]
    return [link for link in whole if not _SKIPPED.search(link)]


def times_of(client: Any, address: str) -> tuple[float, float]:
    """Return the 95th percentiles of a page in ms: of processor, and by the clock."""
    clocks, processors = [], []
    for _time in range(TIMES):
        began, spent = time.perf_counter(), time.process_time()
        client.get(address).close()
        clocks.append(1000 * (time.perf_counter() - began))
        processors.append(1000 * (time.process_time() - spent))
    return p95(processors), p95(clocks)


def p95(numbers: Sequence[float]) -> float:
    """Return the 95th percentile: of few numbers the largest."""
    ordered = sorted(numbers)
    return ordered[min(len(ordered) - 1, -(-95 * len(ordered) // 100) - 1)]


def people() -> Iterable[tuple[str, Any]]:
    """Yield one person of each role, those of the lead office first."""
    from quetsach_portal.people.models.roles import Assignment, Role

    for role in Role:
        held = Assignment.objects.filter(role=role).select_related("user", "unit")
        assignment = held.order_by("unit__depth", "pk").first()
        if assignment is not None:
            yield role.value, assignment.user


def main(arguments: Sequence[str]) -> int:
    """Measure all pages and print them, the largest and the slowest first; 1 where one is over."""
    os.environ["QUETSACH_HOME"] = str(Path(arguments[0]).resolve())
    os.environ.setdefault("QUETSACH_HOSTS", "testserver")
    os.environ.setdefault("QUETSACH_SECOND_FACTOR", "off")
    os.environ["DJANGO_SETTINGS_MODULE"] = "quetsach_portal.config.settings"
    import django

    django.setup()
    from django.test import Client

    print(described())
    pages: list[MeasuredPage] = []
    timed: set[str] = set()
    for role, user in people():
        client = Client()
        client.force_login(user, backend="quetsach_portal.people.sessions.AccountBackend")
        pages += walked(client, role, timed)
    over = [page for page in pages if page.is_over]
    all_cpu = p95([page.cpu_ms for page in pages if page.cpu_ms])
    print(f"\n{len(pages)} pages of {len({page.kind for page in pages})} kinds; over: {len(over)}")
    print(f"p95 over all pages: {all_cpu:.0f} ms of processor")
    for name, order in (("largest", "size"), ("slowest", "cpu_ms")):
        print(f"\n| {name} | role | KB | p95 ms of processor | p95 ms by the clock |")
        print("|---|---|---|---|---|")
        ranked = sorted(pages, key=lambda page, order=order: -getattr(page, order))  # type: ignore[misc]
        by_kind = {page.kind: page for page in reversed(ranked)}
        best = sorted(by_kind.values(), key=lambda page: -getattr(page, order))[:15]
        for page in best:
            figures = f"{page.size / 1000:.1f} | {page.cpu_ms:.0f} | {page.clock_ms:.0f}"
            print(f"| `{page.address}` | {page.role} | {figures} |")
    for page in over:
        print(f"OVER {page.role} {page.address}: {page.size} bytes, {page.cpu_ms:.0f} ms")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
