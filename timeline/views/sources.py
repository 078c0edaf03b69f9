"""The sources that the public may know of, and what each of them says."""

from django.core.paginator import InvalidPage, Paginator
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import get_object_or_404

from timeline import public
from timeline.text import sort_key
from timeline.views.evidence import PublicSource, cited
from timeline.views.files import held_file
from timeline.views.page import public_page, show

SIZE = 100


@public_page
def sources(request):
    """All of them by name, 100 on a page."""
    names = {row.pk: PublicSource.named(row) for row in public.sources()}
    order = sorted(names, key=lambda pk: (sort_key(names[pk].public_name), names[pk].slug))
    page = _page(request, order)
    rows = public.sources().filter(pk__in=[0, *page.object_list]).select_related("issuer")
    rows = rows.annotate(
        statement_count=Count("citations", filter=Q(citations__in=public.citations()))
    )
    named = {row.pk: PublicSource.listed(row) for row in rows}
    # What was closed or withdrawn since the names were read is not there any more.
    context = {"sources": [named[pk] for pk in page.object_list if pk in named], "page": page}
    return show(request, "sources.html", context, query=_query(page))


@public_page
def source(request, slug):
    """One of them, with the statements that rest on it, 100 on a page."""
    source = get_object_or_404(public.sources().select_related("issuer"), slug=slug)
    # By number and not by seek: the slug of a citation may hold words that are not public.
    page = _page(request, public.citations().filter(source=source).order_by("pk"))
    shown = public.citations().filter(pk__in=[citation.pk for citation in page])
    described = PublicSource.described(source)
    context = {
        "source": described,
        "statements": cited(shown, with_subject=True),
        "page": page,
        "file": held_file(source) if described.is_open else None,
    }
    return show(request, "source.html", context, query=_query(page))


def _page(request, rows):
    """The page of `rows` that is asked for, the first without a number; Http404 for no such one."""
    try:
        return Paginator(rows, SIZE).page(request.GET.get("page") or 1)
    except InvalidPage as error:
        raise Http404 from error


def _query(page):
    return f"?page={page.number}" if page.number > 1 else ""
