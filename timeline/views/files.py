"""The files of sources: given out to be kept, never to be run or shown within this site."""

from urllib.parse import quote

from django.core.exceptions import SuspiciousFileOperation
from django.http import Http404, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control

from timeline import public
from timeline.uploads import TYPES, ending
from timeline.views.page import public_page

MAX_NAME = 120  # characters
# No script, form or plug-in of the file runs, should a browser show it all the same.
POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"


@public_page
@cache_control(no_store=True)  # the source may be closed at any minute
def source_file(request, slug):
    """The file of a source that the public may read in full; the same 404 for every other."""
    held = public.open_sources().exclude(file="")
    return answer(request, get_object_or_404(held, slug=slug))


def held_file(source):
    """What a page says of the file of `source`: {"kind", "size" in bytes}; None without one."""
    if not source.file or ending(source.file.name) not in TYPES:
        return None
    try:
        return {"kind": ending(source.file.name).upper(), "size": source.file.size}
    except (OSError, SuspiciousFileOperation):
        return None


def answer(request, source):
    """The file of `source`; whether this visitor may have it, the caller has asked."""
    held = held_file(source)
    if held is None:
        raise Http404
    kind = ending(source.file.name)
    content = () if request.method == "HEAD" else in_chunks(source)
    headers = {
        "Content-Type": TYPES[kind],
        "Content-Disposition": disposition(source, kind),
        "Content-Length": str(held["size"]),
        "Content-Security-Policy": POLICY,
        "X-Content-Type-Options": "nosniff",
    }
    return StreamingHttpResponse(content, headers=headers)


def in_chunks(source):
    """The content of the file, which is open for as long as somebody reads it."""
    with source.file.open("rb") as file:
        yield from file.chunks()


def disposition(source, kind):
    """An attachment named like the slug and, for who reads RFC 5987, like the title."""
    title = "".join(letter if letter.isalnum() else " " for letter in str(source))
    title = " ".join(title.split())[:MAX_NAME].strip() or source.slug
    plain = source.slug[:MAX_NAME]
    return f"attachment; filename={plain}.{kind}; filename*=UTF-8''{quote(title, safe='')}.{kind}"
