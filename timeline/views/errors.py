"""The answers to what went wrong, in the language of the address.

None of them repeats the address or says why: what is hidden and what never was look the same.
"""

from django.conf import settings
from django.shortcuts import render
from django.utils.translation import get_language_from_path, override

from timeline.views.page import language_urls


def bad_request(request, exception):
    return _tell(request, "400.html", 400)


def not_found(request, exception):
    return _tell(request, "404.html", 404)


def _tell(request, template, status):
    with override(_language(request)):
        return render(
            request, template, {"language_urls": language_urls("timeline")}, status=status
        )


def _language(request):
    """That of the address, else the browser's; the middleware that asks may not have run yet."""
    of_browser = getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE)
    return get_language_from_path(request.path_info) or of_browser
