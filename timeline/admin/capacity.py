"""Capacities on the desk: the offices of the day are offered, and one that fits none is told.

What fits is decided by the data rule of `timeline.rules.offices` alone.
"""

from django.contrib import messages
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from timeline.admin.widgets import reading
from timeline.models import RECORDS, Participation
from timeline.models.codes import Role
from timeline.models.person import tenures_on
from timeline.rules.offices import offices_against

CAPACITIES = ("capacity_vi", "capacity_en")
MAX_TOLD = 5  # participations that one save warns of by name


def offer_offices(form, record=None):
    """Let the fields of the form class `form` ask for the offices on the day of `record`.

    Without `record`, or while its date is being changed, hints.js finds the date in the page.
    """
    address = reverse("hints:offices")
    if record is not None:
        address = f"{address}?{urlencode({record._meta.model_name: record.pk})}"
    for name in CAPACITIES:
        if name in form.base_fields:
            form.base_fields[name].widget.attrs["data-offices"] = address


class WarnsOfCapacities:
    """Says after a save which of the participations just written want another look."""

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        sentences = [told for row in written(form, formsets) if (told := sentence(row))]
        if len(sentences) > MAX_TOLD:
            more = len(sentences) - MAX_TOLD
            sentences[MAX_TOLD:] = [
                ngettext(
                    "%(more)s more office to look at.", "%(more)s more offices to look at.", more
                )
                % {"more": more}
            ]
        for told in sentences:
            messages.warning(request, told)


def written(form, formsets):
    """The participations that a save changed: by themselves, or by the date of their record."""
    keys = []
    if isinstance(form.instance, Participation):
        keys.append(form.instance.pk)
    for formset in formsets:
        if formset.model is Participation:
            rows = [*formset.new_objects, *(row for row, _fields in formset.changed_objects)]
            keys += [row.pk for row in rows]
            if "date_edtf" in form.changed_data:
                keys += formset.get_queryset().values_list("pk", flat=True)
    if not keys:
        return []
    rows = Participation.objects.filter(pk__in=keys, person__isnull=False)
    return rows.select_related("person", *RECORDS).prefetch_related("person__tenures")


def sentence(row):
    """What to say about the capacity of one stored participation, None when there is nothing."""
    offices = offices_against(row)
    if offices:
        told = _(
            "“%(capacity)s” fits no office that %(person)s held on the date of the record "
            "(%(date)s): %(offices)s."
        )
    elif offices is not None:
        told = _(
            "“%(capacity)s” is given, and no office of %(person)s is known for the date of the "
            "record (%(date)s)."
        )
    elif offices := offices_left_out(row):
        told = _(
            "No office is given for %(person)s, who held on the date of the record (%(date)s): "
            "%(offices)s."
        )
    else:
        return None
    return told % {
        "person": row.person,
        "capacity": row.capacity,
        "date": reading(row.subject.date_edtf),
        "offices": titles(offices),
    }


def offices_left_out(row):
    """The offices of the day of a participation that gives none."""
    if row.capacity or row.role == Role.SPOUSE or not row.subject.date_edtf:
        return []
    return tenures_on(row.person, row.subject)


def titles(offices):
    """The wordings of `offices` in both languages."""
    return "; ".join(
        " / ".join(f"“{title}”" for title in (office.title_vi, office.title_en) if title)
        for office in offices
    )
