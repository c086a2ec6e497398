"""What stays is named by models and fields that there are, each with its words."""

from django.apps import apps

from quetsach_portal.lifecycle.persons.grounds import (
    GROUND_WORDS,
    STAYING,
    Ground,
    ground_of,
    link_fields,
    text_fields,
)
from quetsach_portal.lifecycle.retention_table import RETENTION


def test_every_ground_names_models_and_fields_that_there_are() -> None:
    for name, ground in STAYING.items():
        assert name in RETENTION or apps.get_model(name), name
        assert GROUND_WORDS[ground]
    assert set(STAYING.values()) == set(Ground)


def test_each_text_and_each_link_is_of_the_retention_table() -> None:
    links = {name for name, _model, _field in link_fields()}
    texts = {name for fields in text_fields().values() for name in fields}
    assert links | texts <= RETENTION.keys()
    assert not links & texts
    assert "cases.Handling.by" in links
    assert "cases.Handling.note" in texts
    # Names of units are no data of a person, and the account itself stands apart.
    assert "units.OrgUnit.name" not in texts
    assert "people.User.name" not in texts


def test_a_model_or_a_single_field_stays() -> None:
    assert ground_of("letters.Letter.signer_name") is Ground.SIGNED
    assert ground_of("intake.Submission.told") is Ground.EVIDENCE
    assert ground_of("intake.Submission.note") is None
