"""Work lists of trips, meetings and agreements, which stand in them together."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from timeline.admin.worklists.section import SHOWN, Item, More, Section
from timeline.admin.worklists.works import embargo, of
from timeline.models import RECORDS

LATE = timedelta(minutes=2)  # `publish_due` runs every minute


def sections(user, works):
    for work in works:
        models = [model for model in RECORDS.values() if work in of(user, model)]
        if models:
            yield section(work, {model: work.first(model, user) for model in models})


def section(work, found):
    """One list, merged from `found`: the first records of each model, and their number."""
    records = [record for some, _number in found.values() for record in some]
    column = work.order.removeprefix("-")
    records.sort(key=lambda record: getattr(record, column), reverse=column != work.order)
    return Section(
        work.name,
        work.title,
        work.hint,
        [item(work, record) for record in records[:SHOWN]],
        [more(work, model, number) for model, (_some, number) in found.items() if number],
        alarm=overdue(records) if work.about is embargo else "",
    )


def item(work, record):
    address = reverse(f"admin:timeline_{record.kind_of_record}_change", args=[record.pk])
    return Item([(str(record), address)], f"{record._meta.verbose_name} · {work.about(record)}")


def more(work, model, number):
    address = reverse(f"admin:timeline_{model._meta.model_name}_changelist")
    return More(model._meta.verbose_name_plural, f"{address}?work={work.name}", number)


def overdue(records):
    """A sentence when the end of an embargo was missed."""
    limit = timezone.now() - LATE
    if not any(record.is_scheduled and record.publish_at < limit for record in records):
        return ""
    return _(
        "An embargo has ended and its record is not public: “publish_due” has not run since, or "
        "could not publish it."
    )
