"""A lease history of a few records, and what it answers."""

from quetsach.attribution.lease_history import LeaseHistory
from quetsach.attribution.model import Certainty, Holder
from tests.attribution.lease_rows import ADDRESS, HOUR, Record, table


def history_of(*records: Record) -> LeaseHistory:
    placed = [one._replace(offset=number * 100) for number, one in enumerate(records)]
    return LeaseHistory(table(placed), ["dhcp.log"])


def holder_at(history: LeaseHistory, hour: float | None, slack_us: int = 0) -> Holder | None:
    return history.holder(ADDRESS, None if hour is None else round(hour * HOUR), slack_us=slack_us)


def outcome(holder: Holder | None) -> tuple[str, Certainty, tuple[str, ...]] | None:
    if holder is None:
        return None
    return holder.interval.machine, holder.grade, tuple(one.device for one in holder.rivals)


CERTAIN, LIKELY, AMBIGUOUS = Certainty.CERTAIN, Certainty.LIKELY, Certainty.AMBIGUOUS
