"""Elasticsearch: each document is created once, deleted where it was put, put off and refused."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from quetsach.errors.exceptions import QuetsachError
from tests.exports.findings_made import MACHINE, machine_words
from tests.indicators.fetch.servers import Said, serving
from tests.pushes.doubles import ElasticDouble, Faulty
from tests.pushes.pushed import Waited, push


def test_each_sighting_is_a_document_without_machines(tmp_path: Path) -> None:
    double = ElasticDouble()
    with serving(double) as server:
        sent = push(tmp_path, "elastic", f"{server.address}/quetsach").send()
        again = push(tmp_path, "elastic", f"{server.address}/quetsach").send()
    # A note without a time is no contact, yet a sighting; red is for the sweeper alone.
    assert (sent.done, again.done, again.before) == (len(double.documents), 0, sent.done)
    texts = json.dumps([*double.documents.values()])
    assert not any(word in texts for word in machine_words(tmp_path))
    assert "red.example" not in texts


def test_machines_are_sent_where_that_is_asked(tmp_path: Path) -> None:
    double = ElasticDouble()
    with serving(double) as server:
        push(tmp_path, "elastic", f"{server.address}/quetsach", with_machines=True).send()
    assert MACHINE in json.dumps([*double.documents.values()])


def test_documents_are_deleted_in_the_index_behind_a_data_stream(tmp_path: Path) -> None:
    double = ElasticDouble(stands_in=".ds-quetsach-2026.09.01-000001")
    double.documents["quetsach", "another"] = {}
    with serving(double) as server:
        sent = push(tmp_path, "elastic", f"{server.address}/quetsach").send()
        back = push(tmp_path, "elastic", f"{server.address}/quetsach").take_back()
    assert back.done == sent.done > 0
    # Elasticsearch takes no document without a time into a data stream.
    assert (sent.refused, "timestamp" in sent.why) == (1, True)
    assert list(double.documents) == [("quetsach", "another")]


def test_documents_that_it_puts_off_are_sent_again(tmp_path: Path) -> None:
    double, waited = ElasticDouble(busy=2), Waited()
    with serving(double) as server:
        sent = push(
            tmp_path, "elastic", f"{server.address}/quetsach", patience=waited.patience()
        ).send()
    assert sent.is_whole
    assert sent.done == len(double.documents)
    assert len(waited.waits) == 1
    assert len(server.asked[1].body) < len(server.asked[0].body)


def test_what_the_mapping_refuses_is_told_and_the_rest_is_noted(tmp_path: Path) -> None:
    double = ElasticDouble()
    with serving(double) as server:
        numbers = [
            one.number for one in push(tmp_path, "elastic", f"{server.address}/quetsach").outgoing()
        ]
        double.refuses = frozenset(numbers[:1])
        sent = push(tmp_path, "elastic", f"{server.address}/quetsach").send()
        assert (sent.refused, sent.done) == (1, len(numbers) - 1)
        assert "document_parsing_exception" in sent.why
        double.refuses = frozenset()
        assert push(tmp_path, "elastic", f"{server.address}/quetsach").send().done == 1


@pytest.mark.parametrize("fault", [429, 500, 503, "cut", "lost"])
def test_a_fault_that_passes_is_waited_out_and_nothing_is_there_twice(
    tmp_path: Path, fault: int | str
) -> None:
    double, waited = ElasticDouble(), Waited()
    with serving(Faulty(double, [fault], {"Retry-After": "17"})) as server:
        sent = push(
            tmp_path, "elastic", f"{server.address}/quetsach", patience=waited.patience()
        ).send()
    assert sent.is_whole
    assert sent.done == len(double.documents)
    assert len(waited.waits) == 1
    assert waited.waits[0] == 17 if isinstance(fault, int) else waited.waits[0] < 2


def lost_ledger(tmp_path: Path) -> None:
    """Have the next run know nothing of those before."""
    shutil.rmtree(tmp_path / "ledgers")


def synthetic(document: dict[str, Any]) -> dict[str, Any]:
    """Return a document as an index with synthetic source gives it back."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: plain(value[name]) for name in sorted(value)}
        if isinstance(value, list):
            return plain(value[0]) if len(value) == 1 else [plain(one) for one in reversed(value)]
        return value.replace("00Z", "Z") if str(value).endswith("000Z") else value

    return dict(plain(document))


@pytest.mark.parametrize("gives_back", [dict, synthetic])
def test_the_same_document_that_is_there_counts_as_sent(tmp_path: Path, gives_back: Any) -> None:
    double = ElasticDouble(gives_back=gives_back)
    with serving(double) as server:
        first = push(tmp_path, "elastic", f"{server.address}/quetsach", with_machines=True).send()
        lost_ledger(tmp_path)
        again = push(tmp_path, "elastic", f"{server.address}/quetsach", with_machines=True).send()
    assert (again.done, again.refused) == (first.done, 0)


@pytest.mark.parametrize(
    "other", [{"source": "So B"}, {"with_machines": True}], ids=["office", "machines"]
)
def test_another_document_with_the_same_id_is_told_and_never_taken_back(
    tmp_path: Path, other: dict[str, Any]
) -> None:
    double = ElasticDouble()
    with serving(double) as server:
        first = push(tmp_path, "elastic", f"{server.address}/quetsach").send()
        before = json.dumps(sorted(double.documents.items()))
        lost_ledger(tmp_path)
        again = push(tmp_path, "elastic", f"{server.address}/quetsach", **other).send()
        assert (again.done, again.refused) == (0, first.done)
        assert "HTTP 409" in again.why
        assert (
            push(tmp_path, "elastic", f"{server.address}/quetsach", **other).take_back().done == 0
        )
    assert json.dumps(sorted(double.documents.items())) == before


def test_a_key_that_may_not_read_what_is_there_is_told_of(tmp_path: Path) -> None:
    double = ElasticDouble(may_read=False)
    with serving(double) as server:
        first = push(tmp_path, "elastic", f"{server.address}/quetsach").send()
        lost_ledger(tmp_path)
        again = push(tmp_path, "elastic", f"{server.address}/quetsach").send()
    assert (again.done, again.refused) == (0, first.done)
    assert "HTTP 409" in again.why


def test_a_fault_that_stays_ends_the_push_and_the_next_run_goes_on(tmp_path: Path) -> None:
    double, waited = ElasticDouble(), Waited()
    with serving(Faulty(double, [500] * 5)) as server:
        sent = push(
            tmp_path, "elastic", f"{server.address}/quetsach", patience=waited.patience()
        ).send()
        assert sent.problem is not None
        assert (sent.problem.code, sent.done) == ("E216", 0)
        assert sent.unsent > 0
        assert len(waited.waits) == 4
        assert push(tmp_path, "elastic", f"{server.address}/quetsach").send().done == sent.unsent


def test_no_wait_goes_beyond_the_limit(tmp_path: Path) -> None:
    waited = Waited()
    with serving(Faulty(ElasticDouble(), [503] * 9, {"Retry-After": "50"})) as server:
        sent = push(
            tmp_path,
            "elastic",
            f"{server.address}/quetsach",
            patience=waited.patience(limit_s=60),
        ).send()
    assert sent.problem is not None
    assert waited.waits == [50]


def test_a_redirect_is_not_followed_with_the_key(tmp_path: Path) -> None:
    with serving(lambda _asked: Said(b"", 307, {"Location": "https://192.0.2.9/x"})) as server:
        sent = push(tmp_path, "elastic", f"{server.address}/quetsach").send()
    assert sent.problem is not None
    assert sent.problem.code == "E214"


def test_an_answer_that_leaves_documents_out_proves_nothing(tmp_path: Path) -> None:
    with serving(lambda _asked: Said(b'{"errors":false,"items":[]}')) as server:
        sent = push(tmp_path, "elastic", f"{server.address}/quetsach").send()
    assert sent.problem is not None
    assert (sent.problem.code, sent.done) == ("E216", 0)


@pytest.mark.parametrize("path", ["", "/", "/_bulk"])
def test_an_address_without_index_is_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(QuetsachError, match="/INDEX"):
        push(tmp_path, "elastic", f"https://192.0.2.9:9200{path}").send()
