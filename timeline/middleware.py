"""What happens around every request: who is asked for, in which language, with which guards."""

import time

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.utils import translation
from django.utils.cache import patch_vary_headers


def policy(ancestors="'none'"):
    """The content policy of a page that `ancestors` may show within theirs."""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "form-action 'self'",
            f"frame-ancestors {ancestors}",
            "base-uri 'none'",
        )
    )


HEADERS = {
    # To load from this site alone, and to run nothing that is written into a page.
    "Content-Security-Policy": policy(),
    "Permissions-Policy": ", ".join(
        f"{feature}=()" for feature in ("camera", "geolocation", "microphone", "payment", "usb")
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class StrictHeaders:
    """Tells the browser what it must not do, whatever the answer is.

    Django's own middleware sets some of these, but not when it refuses the host of a request. A
    view may be stricter: what it sets itself stays.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if getattr(response, "xframe_options_exempt", False):  # it cannot name who may
            del response.headers["X-Frame-Options"]
        return response


def let_frame(response):
    """Let the sites of EMBED_ANCESTORS show `response` within their pages; nobody, without any."""
    if settings.EMBED_ANCESTORS:
        ancestors = " ".join(settings.EMBED_ANCESTORS)
        response.headers["Content-Security-Policy"] = policy(ancestors)
        response.xframe_options_exempt = True
    return response


class NoCookiesInPublic:
    """Takes the cookies off every request outside of the admin.

    Whatever a public page did, it could not depend on who asks, nor vary by cookie.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not request.path_info.startswith("/admin/"):
            request.META.pop("HTTP_COOKIE", None)
        return self.get_response(request)


class RenewedSession:
    """Keeps the session of somebody at work alive, with one write an hour and not one a request."""

    INTERVAL = 60 * 60  # seconds

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        session = request.session
        # Asked for only where the view did, else every public answer would vary by cookie.
        if session.accessed and SESSION_KEY in session:
            now = int(time.time())
            if now - session.get("renewed", 0) > self.INTERVAL:
                session["renewed"] = now
        return response


class LanguageOfAddress:
    """A public page speaks the language of its address; elsewhere the browser's wish counts.

    Django's own LocaleMiddleware would also redirect /people/ to one of the languages, and have
    that answer vary by cookie: of the addresses without a language, only "/" leads on.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        of_address = translation.get_language_from_path(request.path_info)
        language = of_address or translation.get_language_from_request(request)
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.get_response(request)
        if not of_address:
            patch_vary_headers(response, ["Accept-Language"])
        response.headers.setdefault("Content-Language", language)
        return response
