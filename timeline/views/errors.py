"""The answers to what went wrong, in the language of the address.

None of them repeats the address or says why: what is hidden and what never was look the same.
"""

import sys

from django.conf import settings
from django.db import OperationalError
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.utils.translation import get_language_from_path, override

from timeline.views.page import language_urls


def bad_request(request, exception):
    return _tell(request, "400.html", 400)


def not_found(request, exception):
    return _tell(request, "404.html", 404)


def server_error(request):
    """A fault; or no more than a database that was not free in time, and may be when asked again.

    The pages are as they stand: nothing that a page is made of can be relied on here.
    """
    if isinstance(sys.exception(), OperationalError):
        return HttpResponse(
            get_template("503.html").render(), status=503, headers={"Retry-After": "60"}
        )
    return HttpResponse(get_template("500.html").render(), status=500)


def _tell(request, template, status):
    with override(_language(request)):
        return render(
            request, template, {"language_urls": language_urls("timeline")}, status=status
        )


def _language(request):
    """That of the address, else the browser's; the middleware that asks may not have run yet."""
    of_browser = getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE)
    return get_language_from_path(request.path_info) or of_browser
