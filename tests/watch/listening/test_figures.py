"""What is counted adds up, over restarts too: received and dropped is what was sent."""

from quetsach.watch.listening.figures import ListenerFigures


def test_what_left_the_spool_unread_is_lost() -> None:
    figures = ListenerFigures("udp://10.0.0.5:514", "udp-10.0.0.5-514")
    figures.took(10, 500, 7)
    figures.dropped["kernel"] += 3
    figures.let_go += 4
    assert figures.lost == 7
    document = figures.as_document()
    assert document["received"] == 6
    assert document["dropped"] == {"kernel": 3, "spool": 4, "length": 0}
    assert "let_go" not in document


def test_a_watch_goes_on_counting() -> None:
    figures = ListenerFigures("udp://10.0.0.5:514", "udp-10.0.0.5-514")
    figures.took(10, 500, 7)
    figures.closed["cut"] += 1
    later = ListenerFigures(figures.source, figures.spool)
    later.go_on_from(figures.as_document())
    later.took(1, 50, 9)
    assert (later.received, later.bytes, later.last_us) == (11, 550, 9)
    assert later.closed["cut"] == 1


def test_what_is_no_count_is_passed_over() -> None:
    figures = ListenerFigures("udp://10.0.0.5:514", "udp-10.0.0.5-514")
    figures.go_on_from({"received": "many", "dropped": {"kernel": None}, "closed": [1]})
    assert (figures.received, figures.lost) == (0, 0)
