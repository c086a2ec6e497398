"""A steady stream of requests to a server on this machine, and how long each took.

Open loop: each request has its moment, whether or not the one before has come back; a server that
falls behind shows it in the times, which count from the moment at which the request was due.
"""

import http.client
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count


@dataclass(frozen=True)
class Measured:
    """How a stream went. Units: seconds."""

    asked: int
    failed: int
    seconds: float
    median: float
    p95: float
    worst: float

    @property
    def rate(self) -> float:
        """Answers a second."""
        return (self.asked - self.failed) / self.seconds


def steady(
    port: int, paths: Sequence[tuple[str, str]], *, rate: float, seconds: float, threads: int = 32
) -> Measured:
    """Ask 127.0.0.1:`port` for `paths` (path, cookie header) in turn, `rate` times a second."""
    number = count()
    begin = time.perf_counter() + 0.2
    total = int(rate * seconds)
    times: list[float] = []
    failed: list[str] = []

    def work() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while (mine := next(number)) < total:
            due = begin + mine / rate
            time.sleep(max(0.0, due - time.perf_counter()))
            path, cookie = paths[mine % len(paths)]
            try:
                connection.request("GET", path, headers={"Cookie": cookie})
                answer = connection.getresponse()
                answer.read()
                if answer.status != 200:
                    failed.append(f"{path}: {answer.status}")
            except OSError as error:
                failed.append(f"{path}: {error}")
                connection.close()
            times.append(time.perf_counter() - due)
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(threads)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    ordered = sorted(times)
    return Measured(
        asked=total,
        failed=len(failed),
        seconds=time.perf_counter() - begin,
        median=ordered[len(ordered) // 2],
        p95=ordered[int(len(ordered) * 0.95)],
        worst=ordered[-1],
    )
