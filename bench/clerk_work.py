"""What one clerk does in a morning, in a browser: reads, ticks acts, uploads, drafts, submits.

Each act is noted when the portal has acknowledged it. One that it has not is sent once more, as it
was, the way a browser does when a page is loaded again.
"""

import asyncio
import random
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from bench.clerk_browser import Browser, BrowserPage, PageForm
from bench.clerks_home import PASSWORD, Clerk

LINE = b"2022-09-13T09:00:00+07:00 query from 192.0.2.10: may-chu.example A\n"
STEPS = ("disconnect", "passwords")
TRIES = 40


@dataclass
class Kept:
    """What happened to all clerks. Shapes: acts are (kind, id, detail); seconds by method."""

    acknowledged: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    tried: set[tuple[str, str, str]] = field(default_factory=set)
    statuses: Counter[int] = field(default_factory=Counter)
    seconds: dict[str, list[float]] = field(default_factory=lambda: {"GET": [], "POST": []})
    problems: Counter[str] = field(default_factory=Counter)

    def note(self, method: str, status: int, seconds: float) -> None:
        """Note a request."""
        self.statuses[status] += 1
        self.seconds[method].append(seconds)


class ClerkAtWork:
    """One clerk; `think` waits between two pages, `again_s` before what was not kept is resent."""

    def __init__(
        self,
        clerk: Clerk,
        browser: Browser,
        kept: Kept,
        think: Callable[[], float],
        again_s: float = 2.0,
    ) -> None:
        self._clerk, self._browser, self._kept = clerk, browser, kept
        self._think, self._again_s = think, again_s
        self._left = [(case, step) for step in STEPS for case in clerk.cases]
        self._rounds = 0

    async def sign_in(self) -> None:
        """Sign in by password, from the sign-in page."""
        self._browser.cookies.clear()
        page = await self._opened("/account/login/")
        form = page.form("/account/login/", login="")
        await self._sent(page, form, {"login": self._clerk.email, "password": PASSWORD})

    async def work(self, until: float, first: int) -> None:
        """Work until the loop's clock says `until`; `first` is what the clerk begins with."""
        loop = asyncio.get_running_loop()
        rounds = (self.case, self.evidence, self.report, self.read)
        while loop.time() < until:
            try:
                await rounds[(first + self._rounds) % len(rounds)](until)
            except LookupError as error:
                self._kept.problems[str(error)[:120]] += 1
                await asyncio.sleep(1)
            self._rounds += 1
        self._browser.close()

    async def read(self, _until: float) -> None:
        """Look around."""
        for address in ("/", "/cases/", "/reports/", "/evidence/", "/campaigns/"):
            await self._opened(address)
            await self._pause()

    async def case(self, _until: float) -> None:
        """Open a case and tick an act."""
        await self._opened("/")
        await self._pause()
        if not self._left:
            return
        case, step = self._left.pop(0)
        page = await self._opened(f"/cases/{case}/")
        await self._pause()
        form = page.form(f"/cases/{case}/steps/{step}", version="")
        await self._act(("step", str(case), step), page, form, {})
        await self._pause()

    async def evidence(self, _until: float) -> None:
        """Upload a small log."""
        address = f"/evidence/units/{self._clerk.node}/hand-in/logs"
        await self._opened("/evidence/")
        await self._pause()
        page = await self._opened(address)
        await self._pause()
        form = page.form("", token="", note="")
        token = dict(form.fields)["token"]
        content = LINE * (300 + random.randrange(300))
        file = ("file", "dns.log", content)
        await self._act(("evidence", token, ""), page, form, {}, file)
        await self._pause()

    async def report(self, _until: float) -> None:
        """Write the report of the unit and hand it in; later on only look at it."""
        slot = self._clerk.slot
        act = ("report", str(slot), "")
        page = await self._opened(f"/reports/{slot}/")
        await self._pause()
        if act in self._kept.tried:
            return
        page = await self._sent(page, page.form(f"/reports/{slot}/open"), {})
        for _page in range(3):
            if not page.address.endswith(("/numbers/", "/texts/")):
                break
            await self._pause()
            form = page.form("", revision="")
            page = await self._sent(page, form, _answers(form))
        await self._pause()
        form = page.form("", checked="")
        await self._act(act, page, form, {"gap": "later"})
        await self._pause()

    async def _opened(self, address: str) -> BrowserPage:
        for _try in range(TRIES):
            page = await self._browser.open(address)
            if page.status == 200:
                return page
            await asyncio.sleep(self._again_s)
        raise LookupError(f"{address}: {page.status}")

    async def _sent(self, page: BrowserPage, form: PageForm, typed: dict[str, str]) -> BrowserPage:
        for _try in range(TRIES):
            status, next_page = await self._browser.send(page, form, typed)
            if status in (200, 302) and next_page.status == 200:
                return next_page
            if status == 302:
                return await self._opened(next_page.address)
            await asyncio.sleep(self._again_s)
        raise LookupError(f"{page.address}: not taken, {status}")

    async def _act(
        self,
        act: tuple[str, str, str],
        page: BrowserPage,
        form: PageForm,
        typed: dict[str, str],
        file: tuple[str, str, bytes] | None = None,
    ) -> None:
        """Send an act until it is acknowledged, or the portal says that it has it already."""
        self._kept.tried.add(act)
        for number in range(TRIES):
            status, answer = await self._browser.send(page, form, typed, file)
            if status == 302:
                self._kept.acknowledged[act] += 1
                return
            if status == 200:
                if number == 0:
                    self._kept.problems[f"{act[0]}: {_refusal(answer.text)}"] += 1
                return
            await asyncio.sleep(self._again_s)

    async def _pause(self) -> None:
        await asyncio.sleep(self._think())


def _refusal(text: str) -> str:
    """Return why a form was refused the first time, in the words of its page."""
    match = re.search(
        r'class="(?:field-error|alert[^"]*|notice[^"]*)"[^>]*>(.{0,300})', text, re.DOTALL
    )
    return " ".join(re.sub(r"<[^>]*>", " ", match[1] if match else "refused").split())


def _answers(form: PageForm) -> dict[str, str]:
    """Return something for each empty box, and a reason should a number be unusual.

    Source: reports/writing/step_form.py names the boxes of a question by these prefixes.
    """
    empty = [name for name, text in form.fields if not text]
    values = {name: "1" for name in empty if name.startswith("v-")}
    return values | {name: "theo sổ của đơn vị" for name in empty if name.startswith("w-")}
