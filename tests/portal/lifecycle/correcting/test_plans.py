"""The digest binds to all that is shown, whatever the language; long lists of names are cut."""

from dataclasses import replace

from quetsach_portal.lifecycle.correcting.plans import MOST_NAMED, CorrectionPlan, named


def test_the_digest_is_of_the_facts_and_not_of_their_wording() -> None:
    plan = CorrectionPlan({"title": "Mới"}, {"title": "Cũ"}, {"told": 3}, ["a"], ["b"])
    assert replace(plan, words=["x"], effects=["y"]).digest == plan.digest
    others = [
        replace(plan, proposal={"title": "Khác"}),
        replace(plan, before={"title": "Khác"}),
        replace(plan, facts={"told": 4}),
    ]
    assert len({plan.digest, *(other.digest for other in others)}) == 4


def test_names_are_cut_and_the_rest_is_counted() -> None:
    assert named(["A", "B"], 2) == "A, B"
    many = [str(number) for number in range(MOST_NAMED + 5)]
    assert named(many, 99) == ", ".join([*many[:MOST_NAMED], f"… (+{99 - MOST_NAMED})"])
