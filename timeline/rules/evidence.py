"""The way back to the sources: what cites what, where, and as what."""

from django.db.models import Exists, OuterRef, Q

from timeline.models import RECORDS, Citation, Meeting, SourceDocument, Tenure, Trip
from timeline.models.codes import Stance, Status
from timeline.rules.registry import WARNING, rule


@rule(
    "source-is-cited",
    WARNING,
    "a document that we hold is cited, or one of its parts is",
)
def source_is_cited():
    cited = Q(Exists(Citation.objects.filter(source=OuterRef("pk"))))
    cited |= Q(Exists(Citation.objects.filter(source__part_of=OuterRef("pk"))))
    for row in SourceDocument.objects.filter(~cited, is_held=True).order_by("slug"):
        yield row, "nothing cites it"


@rule("subject-is-cited", WARNING, "a trip, meeting, agreement or office has a citation")
def subject_is_cited():
    for model in (*RECORDS.values(), Tenure):
        for row in model.objects.filter(citations=None).order_by("slug"):
            yield row, "has no citation"


@rule(
    "citation-is-complete",
    WARNING,
    "a citation has a place in the source and says what the source says there",
)
def citation_is_complete():
    incomplete = Citation.objects.filter(Q(locator="") | Q(statement_vi="", statement_en=""))
    for row in incomplete.order_by("slug"):
        if not row.locator:
            yield row, "has no place in the source"
        if not (row.statement_vi or row.statement_en):
            yield row, "has no statement"


@rule(
    "status-fits-stance",
    WARNING,
    "what is held is not only announced by its sources, and what is announced is not reported",
)
def status_fits_stance():
    for model in (Trip, Meeting):
        cites = Citation.objects.filter(**{model._meta.model_name: OuterRef("pk")})
        announced = Exists(cites.filter(stance=Stance.ANNOUNCES))
        more = Exists(cites.exclude(stance=Stance.ANNOUNCES))
        reported = Exists(cites.filter(stance=Stance.REPORTS))
        rows = model.objects.order_by("slug")
        for row in rows.filter(announced, ~more, status=Status.HELD):
            yield row, "is held, and its sources only announce it"
        for row in rows.filter(reported, status=Status.ANNOUNCED):
            yield row, "is announced, and a source reports it"


RULES = (source_is_cited, subject_is_cited, citation_is_complete, status_fits_stance)
