"""The models, one file per noun."""

from timeline.models.agreement import Agreement, AgreementItem
from timeline.models.citation import Citation
from timeline.models.country import Country
from timeline.models.entry import TimelineEntry
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
)

# The public kinds of records. Trips first: what belongs to a trip links to the trip's entry.
RECORDS = {"trip": Trip, "meeting": Meeting, "agreement": Agreement}

__all__ = [
    "EDITED_MODELS",
    "RECORDS",
    "Agreement",
    "AgreementItem",
    "Citation",
    "Country",
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
