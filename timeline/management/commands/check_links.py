from collections import Counter, namedtuple
from datetime import UTC, datetime

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import F, OuterRef, Subquery, Value
from django.utils import timezone

from timeline.links import Checker, UsedUp
from timeline.models import LinkCheck, SourceDocument
from timeline.models.linkcheck import LinkField, LinkOutcome

OFFLINE = 3  # the exit code when nothing could be reached
NEVER = datetime.min.replace(tzinfo=UTC)

Link = namedtuple("Link", "pk slug url field checked")


class Command(BaseCommand):
    help = (
        "Ask for the http addresses of the source documents, the ones that were not asked for "
        "longest first, and store what came of it. Nothing within a private network is asked. "
        f"Exits with {OFFLINE} and stores nothing when no server at all can be reached."
    )

    def add_arguments(self, parser):
        parser.add_argument("--requests", type=number, default=500, help="at most, in this run")
        parser.add_argument("--per-host", type=number, default=50, help="at most, to one server")
        parser.add_argument(
            "--pause", type=seconds, default=1.0, help="seconds between two to the same server"
        )
        parser.add_argument(
            "--timeout", type=seconds, default=10.0, help="seconds that a server may take"
        )
        parser.add_argument(
            "--allow-private", action="store_true", help="ask within private networks as well"
        )

    def handle(self, *args, requests, per_host, pause, timeout, allow_private, **options):
        checker = Checker(requests, per_host, pause, timeout, allow_private)
        links, results, found, waiting = due(), {}, Counter(), []
        for link in links:
            try:
                result = results[link.url] = results.get(link.url) or checker.check(link.url)
            except UsedUp as limit:
                if limit.host is None:
                    break
                continue
            found[result.outcome] += 1
            waiting.append((link, result))
            if checker.answers:  # we are online: what does not answer is really away
                self.store(waiting)
        if any(result.outcome == LinkOutcome.UNREACHABLE for _link, result in waiting):
            raise CommandError(
                "No server could be reached: this machine seems to be offline. Nothing was stored.",
                returncode=OFFLINE,
            )
        self.store(waiting)
        outcomes = ", ".join(f"{found[outcome]} {outcome}" for outcome in LinkOutcome.values)
        self.stdout.write(f"Links checked: {found.total()} of {len(links)} ({outcomes}).")

    def store(self, waiting):
        """Store what waits, and tell of what is broken."""
        while waiting:
            link, result = waiting.pop(0)
            store(link, result)
            if result.is_broken:
                why = " ".join(str(part) for part in (result.status, result.detail) if part)
                self.stdout.write(f"{result.outcome} {link.slug} {link.url}: {why}")
        self.stdout.flush()


def number(text):
    if (value := int(text)) < 1:
        raise ValueError
    return value


def seconds(text):
    if not 0 <= (value := float(text)) <= 600:
        raise ValueError
    return value


def due():
    """Every link as a row (pk, slug, url, field, checked), the one checked longest ago first.

    An address that was changed since its last check counts as never checked.
    """
    rows = []
    for field in LinkField.values:
        last = LinkCheck.objects.filter(source=OuterRef("pk"), field=field, url=OuterRef(field))
        rows += (
            SourceDocument.objects.exclude(**{field: ""})
            .order_by()
            .values_list(
                "pk",
                "slug",
                F(field),
                Value(field),
                Subquery(last.values("checked_at")),
            )
        )
    links = [Link(*row) for row in rows]
    return sorted(links, key=lambda link: (link.checked or NEVER, link.pk, link.field))


@transaction.atomic
def store(link, result):
    """Keep `result`, unless the source has gone or got another address in the meantime."""
    sources = SourceDocument.objects.select_for_update()
    if not sources.filter(pk=link.pk, **{link.field: link.url}).exists():
        return
    now = timezone.now()
    about = {"source_id": link.pk, "field": link.field}
    since = LinkCheck.objects.filter(**about, url=link.url).values_list("broken_since", flat=True)
    LinkCheck.objects.update_or_create(
        **about,
        defaults={
            "url": link.url,
            "outcome": result.outcome,
            "status": result.status,
            "detail": result.detail,
            "checked_at": now,
            "broken_since": (since.first() or now) if result.is_broken else None,
        },
    )
