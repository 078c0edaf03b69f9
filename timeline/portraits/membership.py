"""Who stands for an organisation: in an office of it, or in a published record."""

from dataclasses import dataclass

from django.db.models import Count, Max, Min

from timeline import public
from timeline.models import Organization, Person, Tenure
from timeline.portraits.acquaintance import DATE, LAST_DATE, LATEST_FIRST, years
from timeline.portraits.offices import LATEST_TENURE

MOST = 20  # people who acted, and offices


@dataclass(frozen=True)
class Actor:
    """Somebody who acted for a body in so many records, between two years or None."""

    person: Person
    times: int
    first_year: int | None
    last_year: int | None


def acted_for(organization: Organization) -> list[Actor]:
    """Those who acted for it, the most frequent first; two queries."""
    rows = list(
        public.participations()
        .filter(organization=organization, person__isnull=False)
        .order_by()
        .values("person")
        .annotate(times=Count("pk"), first=Min(DATE), last=Max(LAST_DATE))
        .order_by("-times", LATEST_FIRST, "person__sort_key", "person__slug")[:MOST]
    )
    people = public.people().in_bulk([row["person"] for row in rows])
    return [
        Actor(people[row["person"]], row["times"], *years(row))
        for row in rows
        if row["person"] in people
    ]


def offices_in(organization: Organization) -> list[Tenure]:
    """The offices in it that citable sources show, the latest first."""
    tenures = public.tenures().filter(organization=organization).select_related("person")
    return list(tenures.order_by(*LATEST_TENURE, "person__sort_key", "slug")[:MOST])
