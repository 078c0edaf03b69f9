"""What happens around every request: who is asked for, in which language, with which guards."""

from django.utils import translation
from django.utils.cache import patch_vary_headers

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)


class ContentSecurityPolicy:
    """Tells the browser to load from this site alone, and to run nothing written into a page."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers["Content-Security-Policy"] = POLICY
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
