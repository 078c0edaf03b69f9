"""“How to cite this page”: on the page, and as files for reference managers."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from timeline.citing import STYLES, Citable
from timeline.models import TimelineEntry
from timeline.views.page import public_page


def citable(request, entry):
    """The page of `entry` as others cite it."""
    return Citable(
        title=str(entry),
        address=request.build_absolute_uri(entry.get_absolute_url()),
        changed=timezone.localtime(entry.changed_at).date(),
        language=get_language(),
        slug=entry.slug,
    )


def styles(kind, slug):
    """[(style in capitals, address of the file)] for the page of one record."""
    return [(style.upper(), reverse(f"{kind}_{style}", args=[slug])) for style in STYLES]


@public_page
def file(request, slug, kind, style):
    """The citation of one record, to be opened by a reference manager."""
    entry = get_object_or_404(
        TimelineEntry.objects.only("kind", "slug", "title_vi", "title_en", "changed_at"),
        kind=kind,
        slug=slug,
    )
    media_type, write = STYLES[style]
    return HttpResponse(
        write(citable(request, entry)),
        content_type=media_type,
        headers={"Content-Disposition": f'attachment; filename="{slug}.{style}"'},
    )
