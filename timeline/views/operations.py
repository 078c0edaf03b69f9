"""The entrance, and what machines ask: is it alive, is it ready, what may be read."""

from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache

from timeline.views.page import public_page


@public_page
def entrance(request):
    """To the timeline in the language that the browser asks for."""
    return redirect("timeline")


@public_page
@never_cache
def healthz(request):
    """The process lives; nothing else is asked."""
    return _plain("alive")


@public_page
@never_cache
def readyz(request):
    """The database answers and has every migration; else 503 and the reason."""
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Error:
        return _plain("the database does not answer", status=503)
    if missing:
        return _plain("migrations are missing", status=503)
    return _plain("ready")


@public_page
def robots(request):
    """The desk is for nobody, searches are for readers: there is no end to them.

    A robot that knows no wildcards (RFC 9309, section 2.2.3) takes the second line for the
    beginning of addresses that do not exist.
    """
    sitemap = request.build_absolute_uri(reverse("sitemap"))
    return _plain(f"User-agent: *\nDisallow: /admin/\nDisallow: /*?*q=\n\nSitemap: {sitemap}")


def _plain(text, status=200):
    return HttpResponse(f"{text}\n", status=status, content_type="text/plain; charset=utf-8")
