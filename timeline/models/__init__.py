"""The models, one file per noun."""

from django.db.models import CASCADE

from timeline.models.agreement import Agreement, AgreementItem
from timeline.models.changeset import ChangeSet
from timeline.models.citation import Citation
from timeline.models.correction import Correction
from timeline.models.country import Country
from timeline.models.entry import TimelineEntry
from timeline.models.linkcheck import LinkCheck
from timeline.models.meeting import Meeting
from timeline.models.organization import Organization
from timeline.models.participation import Participation
from timeline.models.person import Person, Tenure
from timeline.models.source import SourceDocument
from timeline.models.trip import Trip, TripLeg

# The edit side, each model after the ones it refers to.
EDITED_MODELS = (
    Country,
    Organization,
    Person,
    SourceDocument,
    Tenure,
    Trip,
    TripLeg,
    Meeting,
    Agreement,
    AgreementItem,
    Participation,
    Citation,
    Correction,
)

# The public kinds of records. Trips first: what belongs to a trip links to the trip's entry.
RECORDS = {"trip": Trip, "meeting": Meeting, "agreement": Agreement}

# What goes with a row when it is deleted: {model: {model of the part: its key to the row}}.
PARTS = {
    whole: {
        part: field.name
        for part in EDITED_MODELS
        for field in part._meta.fields
        if field.is_relation
        and field.remote_field.model is whole
        and field.remote_field.on_delete is CASCADE
    }
    for whole in EDITED_MODELS
}

__all__ = [
    "EDITED_MODELS",
    "PARTS",
    "RECORDS",
    "Agreement",
    "AgreementItem",
    "ChangeSet",
    "Citation",
    "Correction",
    "Country",
    "LinkCheck",
    "Meeting",
    "Organization",
    "Participation",
    "Person",
    "SourceDocument",
    "Tenure",
    "TimelineEntry",
    "Trip",
    "TripLeg",
]
