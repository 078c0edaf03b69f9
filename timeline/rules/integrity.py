"""Errors that no writer leaves behind: they come from raw SQL, or from a rule that is newer."""

from django.core.exceptions import ValidationError

from timeline import projection, publication
from timeline.models import EDITED_MODELS, RECORDS
from timeline.rules.registry import ERROR, rule

CHUNK = 500


@rule(
    "own-rules",
    ERROR,
    "a row keeps the rules of its own model; among them: a meeting lies within its trip",
)
def own_rules():
    """What the database itself refuses is not asked again: it would cost ten queries a row."""
    for model in EDITED_MODELS:
        keys = [field.name for field in model._meta.concrete_fields if field.is_relation]
        rows = model.objects.select_related(*({"trip"} & {*keys})).order_by("pk")
        for row in rows.iterator(chunk_size=CHUNK):
            try:
                row.full_clean(exclude=keys, validate_unique=False, validate_constraints=False)
            except ValidationError as error:
                for field, messages in error.message_dict.items():
                    yield row, f"{field}: {' '.join(messages)}"


@rule("published-is-complete", ERROR, "a published record has what publication asks for")
def published_is_complete():
    for model in RECORDS.values():
        for record in model.objects.published().order_by("pk").iterator(chunk_size=CHUNK):
            for sentence in publication.missing(record):
                yield record, sentence


@rule("timeline-is-right", ERROR, "the public timeline is what a rebuild would make")
def timeline_is_right():
    yield from projection.differences()


RULES = (own_rules, published_is_complete, timeline_is_right)
