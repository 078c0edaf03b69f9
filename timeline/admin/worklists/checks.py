"""Work lists of what a check found: links that are broken, capacities that fit no office."""

from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from timeline.admin import capacity
from timeline.admin.worklists.section import MANY, SHOWN, Item, More, Section, sees
from timeline.models import RECORDS, LinkCheck, Participation, SourceDocument
from timeline.models.codes import State
from timeline.models.linkcheck import LinkField
from timeline.rules import justified, offices

PARTICIPATIONS = 200  # changed last; the rule reads each with the offices of its person
NEEDED = ("slug", "date_edtf", "earliest", "latest", "state", "title_vi", "title_en")


def broken():
    """The checks that found a link broken which its source still has."""
    current = Q(
        *(Q(field=field, url=F(f"source__{field}")) for field in LinkField.values),
        _connector=Q.OR,
    )
    return LinkCheck.objects.filter(current, broken_since__isnull=False)


def broken_links(user):
    if not sees(user, SourceDocument):
        return
    rows = broken().select_related("source").order_by("broken_since", "pk")[: MANY + 1]
    found = list(rows)
    address = reverse("admin:timeline_sourcedocument_changelist")
    yield Section(
        "links",
        _("Broken links"),
        _("Addresses of sources that led nowhere when they were asked for last."),
        [
            Item(
                [
                    (
                        str(row.source),
                        reverse("admin:timeline_sourcedocument_change", args=[row.source_id]),
                    )
                ],
                about(row),
            )
            for row in found[:SHOWN]
        ],
        [More(SourceDocument._meta.verbose_name_plural, f"{address}?work=links", len(found))]
        if found
        else [],
    )


def about(check):
    """What came of a check, in words; its detail is stored as an English sentence."""
    since = timezone.localtime(check.broken_since).strftime("%Y-%m-%d")
    parts = [check.url, check.get_outcome_display(), check.status, check.detail and _(check.detail)]
    parts.append(_("since %(day)s") % {"day": since})
    return " · ".join(str(part) for part in parts if part)


def capacities(user):
    """The rule of the right title on the right day, asked of the participations changed last."""
    if not (sees(user, Participation) and user.has_perm("timeline.change_participation")):
        return
    found = warnings()
    yield Section(
        "capacities",
        _("Offices that do not fit"),
        _("Among the %(number)s participations changed last; validate_records asks all of them.")
        % {"number": PARTICIPATIONS},
        [Item([(str(row.subject), page(row.subject))], capacity.sentence(row)) for row in found],
    )


def warnings():
    """The newest participations whose capacity fits no office, and that nothing justifies."""
    fields = [f"{kind}__{name}" for kind in RECORDS for name in NEEDED]
    rows = (
        Participation.objects.select_related("person", *RECORDS)
        .only("slug", "role", "capacity_vi", "capacity_en", "person__name", *fields)
        .prefetch_related("person__tenures")
        .order_by("-updated_at", "-pk")[:PARTICIPATIONS]
    )
    table, rule = justified.read(), offices.capacity_fits_office.name
    found = (
        row
        for row in rows
        if row.person_id
        and row.subject.state != State.WITHDRAWN
        and (rule, "participation", row.slug) not in table
        and offices.offices_against(row) is not None
    )
    return [row for row, _number in zip(found, range(SHOWN), strict=False)]


def page(record):
    return reverse(f"admin:timeline_{record.kind_of_record}_change", args=[record.pk])
