"""What the admin's forms ask for while somebody types: short answers in JSON, from few rows.

What makes no sense - a forged key, a NUL, 10,000 characters - has an empty answer.
"""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from timeline import edtf
from timeline.admin.duplicates import NAMES, describe, namesakes
from timeline.admin.keys import is_key
from timeline.admin.widgets import reading
from timeline.models import RECORDS, Person, Tenure
from timeline.models.person import tenures_on

MAX_NAME = 300  # characters, as the fields have them
MAX_OFFICES = 10

app_name = "hints"


def date(request):
    """The date `text` in words, or the dates that it was probably meant to be."""
    text = request.GET.get("text", "").strip()
    words = reading(text) if text else ""
    meant = [] if words or not text else edtf.meant(text)
    if words is None:
        words = _("Not a date yet. Did you mean:") if meant else _("Not a date yet.")
    return JsonResponse(
        {
            "sentence": words,
            "meant": [{"text": str(value), "words": reading(str(value))} for value in meant],
        }
    )


def namesakes_of(request, model):
    """The rows of `model` that already have the name `text`, but for the row of that key."""
    models = {named._meta.model_name: named for named in NAMES}
    if model not in models:
        raise Http404
    require_view(request, models[model])
    text, row = request.GET.get("text", ""), request.GET.get("row", "")
    names = [text] if len(text) <= MAX_NAME else []
    found = namesakes(models[model], names, but=int(row) if is_key(row) else None)
    return JsonResponse({"found": [describe(row) for row in found]})


def offices(request):
    """The offices of a person on the typed date, else on the stored date of a record."""
    require_view(request, Tenure)
    key = request.GET.get("person", "")
    person = Person.objects.filter(pk=key).first() if is_key(key) else None
    if person is None:
        return JsonResponse({"sentence": "", "offices": []})
    day = typed_date(request) or stored_date(request)
    held = tenures_on(person, day) if day else list(person.tenures.all())
    about = {"person": person, "date": day and reading(str(day))}
    if day and held:
        sentence = _("Offices of %(person)s on this date (%(date)s):") % about
    elif day:
        sentence = _("No office of %(person)s is known for this date (%(date)s).") % about
    else:
        sentence = _("Offices of %(person)s:") % about if held else ""
    chosen = [
        {
            "label": office.title,
            "held": "" if day else (reading(office.date_edtf) if office.date_edtf else ""),
            "vi": office.title_vi,
            "en": office.title_en,
        }
        for office in held[-MAX_OFFICES:]
    ]
    return JsonResponse({"sentence": sentence, "offices": chosen})


def typed_date(request):
    try:
        return edtf.parse(request.GET.get("date", ""))
    except edtf.EdtfError:
        return None


def stored_date(request):
    """The date of the record that the address names, for those who may see that record."""
    for kind, model in RECORDS.items():
        key = request.GET.get(kind, "")
        if is_key(key) and may_see(request, model):
            record = model.objects.filter(pk=key).first()
            return record.date if record else None
    return None


def may_see(request, model):
    return admin.site.get_model_admin(model).has_view_permission(request)


def require_view(request, model):
    if not may_see(request, model):
        raise PermissionDenied


def address(route, view, name):
    return path(route, admin.site.admin_view(require_GET(view)), name=name)


urlpatterns = [
    address("date/", date, "date"),
    address("namesakes/<slug:model>/", namesakes_of, "namesakes"),
    address("offices/", offices, "offices"),
]
