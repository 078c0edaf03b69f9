"""Vietnamese and English as equals: what is said in one language is said in the other."""

from django.db.models import Q

from timeline.models import EDITED_MODELS, RECORDS
from timeline.rules.registry import WARNING, rule


def pairs(model):
    """The names, without their ending, of the texts that `model` has in both languages."""
    names = [field.name for field in model._meta.concrete_fields]
    return [name[:-3] for name in names if name.endswith("_vi") and f"{name[:-3]}_en" in names]


@rule("both-languages", WARNING, "a text that stands in one language stands in the other too")
def both_languages():
    for model in EDITED_MODELS:
        for name in pairs(model):
            vi, en = f"{name}_vi", f"{name}_en"
            for row in model.objects.filter(Q(**{vi: ""}) ^ Q(**{en: ""})).order_by("pk"):
                language = "Vietnamese" if getattr(row, vi) else "English"
                yield row, f"{name}: in {language} only"


@rule("record-has-summary", WARNING, "a trip, meeting or agreement has a summary")
def record_has_summary():
    for model in RECORDS.values():
        for row in model.objects.filter(summary_vi="", summary_en="").order_by("slug"):
            yield row, "has no summary"


RULES = (both_languages, record_has_summary)
