"""The sources that the public may know of, and what each of them says."""

from django.db.models import Count, Q
from django.shortcuts import get_object_or_404

from timeline import public
from timeline.models.codes import Access
from timeline.text import sort_key
from timeline.views.evidence import PublicSource, cited
from timeline.views.files import held_file
from timeline.views.page import public_page, show


@public_page
def sources(request):
    rows = public.sources().annotate(
        statement_count=Count("citations", filter=Q(citations__in=public.citations()))
    )
    named = [PublicSource.named(row) for row in rows]
    named.sort(key=lambda source: (sort_key(source.public_name), source.slug))
    return show(request, "sources.html", {"sources": named})


@public_page
def source(request, slug):
    source = get_object_or_404(public.sources().select_related("issuer"), slug=slug)
    statements = cited(public.citations().filter(source=source), with_subject=True)
    context = {
        "source": PublicSource.described(source),
        "statements": statements,
        "file": held_file(source) if source.access == Access.PUBLIC else None,
    }
    return show(request, "source.html", context)
