"""What all public pages have in common."""

from functools import wraps

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe


def public_page(view):
    """A page that is read and never written to: anything but GET and HEAD is a 405."""
    return wraps(view)(csrf_exempt(require_safe(view)))


def show(request, template, context, *, query="", status=200):
    """Render a public page; `query` (`?...`) is the part of its address that chooses content."""
    match = request.resolver_match
    return render(
        request,
        template,
        {
            "language_urls": language_urls(match.url_name, match.kwargs, query),
            "canonical_path": f"{request.path}{query}",
            **context,
        },
        status=status,
    )


def refusal(chosen):
    """The answer of a file or feed to a filter with a value that makes no sense: one line (400)."""
    sentences = (
        f"{field}: {' '.join(' '.join(messages).split())}"
        for field, messages in chosen.errors.items()
    )
    return HttpResponse(
        " ".join(sentences) + "\n", status=400, content_type="text/plain; charset=utf-8"
    )


def language_urls(name, kwargs=None, query=""):
    """The addresses of one page in all languages: [{"code", "label", "url", "is_current"}]."""
    urls = []
    for code, label in settings.LANGUAGES:
        with override(code):
            url = f"{reverse(name, kwargs=kwargs)}{query}"
        urls.append(
            {"code": code, "label": label, "url": url, "is_current": code == get_language()}
        )
    return urls
