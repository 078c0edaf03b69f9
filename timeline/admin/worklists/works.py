"""Which records are whose work: to review, to finish, to verify, to bring out in time."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from timeline.admin.scheduled import in_zone, state_label
from timeline.admin.worklists.section import MANY, SHOWN, may, sees
from timeline.models import Citation
from timeline.models.codes import State, Verification

WINDOW = 1_000  # unpublished rows, changed last, of which a slow question is asked
OPEN = (State.DRAFT, State.REVIEW)
COLUMNS = (
    "id",
    "slug",
    "title_vi",
    "title_en",
    "state",
    "publish_at",
    "published_at",
    "updated_at",
)


def in_review(rows, user):
    return rows.filter(state=State.REVIEW)


def drafts(rows, user):
    return rows.filter(state=State.DRAFT)


def unpublished(rows, user):
    return rows.filter(state__in=OPEN)


def disputed(rows, user):
    return rows.filter(verification=Verification.DISPUTED).exclude(state=State.WITHDRAWN)


def unverified(rows, user):
    return rows.filter(verification=Verification.UNVERIFIED).exclude(state=State.WITHDRAWN)


def under_embargo(rows, user):
    """Published records that wait, whatever the time, and others whose time is still to come."""
    waits = Q(state=State.PUBLISHED, published_at=None) | Q(
        state__in=OPEN, publish_at__gt=timezone.now()
    )
    return rows.filter(waits, publish_at__isnull=False)


def touched_by(rows, user):
    versions = rows.model.history.model.objects.filter(id=OuterRef("pk"), history_user=user)
    return rows.filter(Exists(versions))


def without_public_citation(rows, user):
    subject = {rows.model._meta.model_name: OuterRef("pk")}
    return rows.filter(~Exists(Citation.objects.public().filter(**subject)))


def changed(record):
    return timezone.localtime(record.updated_at).strftime("%Y-%m-%d %H:%M")


def embargo(record):
    if record.is_scheduled:
        return state_label(record)
    return _("%(state)s, not before %(moment)s") % {
        "state": record.get_state_display(),
        "moment": in_zone(record.publish_at),
    }


@dataclass(frozen=True)
class Work:
    """A list. `narrow` can be asked of all rows, by an index; `ask` of `WINDOW` rows at a time.

    `right` is what makes it somebody's; `order` is the column that decides what comes first.
    """

    name: str
    title: Promise
    hint: Promise
    right: str
    narrow: Callable
    ask: Callable | None = None
    order: str = "-updated_at"
    about: Callable = changed

    def all(self, rows, user):
        """Those of `rows` that belong to this list, for a page of the whole list."""
        rows = self.narrow(rows, user)
        return self.ask(rows, user) if self.ask else rows

    def first(self, model, user):
        """The first records of `model` in this list, with COLUMNS, and how many there are.

        Nobody counts further than one more than MANY.
        """
        order = (self.order, "pk")
        rows = self.narrow(model.objects.all(), user).order_by(*order)
        if self.ask:
            newest = rows.values("pk")[:WINDOW]
            rows = self.ask(model.objects.filter(pk__in=newest), user).order_by(*order)
        found = list(rows.values(*COLUMNS)[: MANY + 1])
        return [model(**row) for row in found[:SHOWN]], len(found)


PRESSING = (
    Work(
        "review",
        gettext_lazy("Waiting for review"),
        gettext_lazy("Submitted by editors, the longest wait first."),
        right="publish",
        narrow=in_review,
        order="updated_at",
    ),
    Work(
        "embargo",
        gettext_lazy("Under embargo"),
        gettext_lazy("What comes out next, and what would miss its time."),
        right="publish",
        narrow=under_embargo,
        order="publish_at",
        about=embargo,
    ),
    Work(
        "mine",
        gettext_lazy("My drafts"),
        gettext_lazy("Drafts that you made or changed."),
        right="change",
        narrow=drafts,
        ask=touched_by,
    ),
    Work(
        "uncited",
        gettext_lazy("Without a public citation"),
        gettext_lazy("Not published yet, and cannot be: no source that the public may know of."),
        right="change",
        narrow=unpublished,
        ask=without_public_citation,
    ),
    Work(
        "disputed",
        gettext_lazy("Disputed"),
        gettext_lazy("Sources disagree, or a reader does."),
        right="change",
        narrow=disputed,
    ),
)
PATIENT = (
    Work(
        "unverified",
        gettext_lazy("Unverified"),
        gettext_lazy("No second reader has compared them with their sources."),
        right="change",
        narrow=unverified,
    ),
)


def of(user, model):
    """The lists of records of `model` that are the work of `user`."""
    works = (*PRESSING, *PATIENT)
    return [work for work in works if sees(user, model) and may(user, work.right, model)]
