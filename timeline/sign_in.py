"""Signing in with a password: whose attempt it is, and what is answered after too many.

django-axes counts the failures; its settings are in timeline/settings.py.
"""

from ipaddress import ip_address, ip_network

from axes.helpers import get_cool_off
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.signals import user_login_failed
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

# Whoever has one IPv6 address has all of its network, and would count as somebody new with each.
IPV6_PREFIX = 64


class SignInForm(AdminAuthenticationForm):
    """Who may not come in at all fails as with a wrong password, and is counted alike."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Django tells the browser of this limit, and does not ask for it; attempts are stored.
        field = self.fields["username"]
        field.validators.append(MaxLengthValidator(field.max_length))

    def confirm_login_allowed(self, user):
        try:
            super().confirm_login_allowed(user)
        except ValidationError:
            credentials = {"username": self.cleaned_data["username"]}
            user_login_failed.send(__name__, credentials=credentials, request=self.request)
            raise


def address(request):
    """The address that a request comes from, in its one form; None when nobody says.

    X-Forwarded-For is read from its end, for as long as the one who wrote it is a trusted proxy:
    what a visitor puts at its beginning is never reached.
    """
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
    found = _parsed(request.META.get("REMOTE_ADDR", ""))
    while hops and _is_proxy(found):
        previous = _parsed(hops.pop())
        if previous is None:
            break
        found = previous
    if found is not None and found.version == 6:
        found = ip_network((found, IPV6_PREFIX), strict=False).network_address
    return str(found) if found is not None else None


def _is_proxy(found):
    if found is None:  # a socket in the file system, which only a proxy can open
        return bool(settings.TRUSTED_PROXIES)
    return any(found in network for network in settings.TRUSTED_PROXIES)


def _parsed(text):
    try:
        found = ip_address(text)
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def locked_out(request, response, credentials):
    """What is answered instead of `response`, whether or not there is an account of that name."""
    cool_off = get_cool_off(request)
    context = {
        **admin.site.each_context(request),
        "title": _("Too many attempts"),
        "minutes": int(cool_off.total_seconds() // 60),
    }
    answer = render(request, "admin/locked_out.html", context, status=429)
    answer.headers["Retry-After"] = str(int(cool_off.total_seconds()))
    add_never_cache_headers(answer)
    return answer
