"""The pages of the second factor, for those who have given their password."""

from functools import wraps

import segno
from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django_otp import login
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.util import random_hex

from timeline import second_factor

KEY = "second_factor_key"  # in the session: nobody else who knows the password is shown it


class CodeForm(forms.Form):
    """One code. `judge`, a function, takes it and returns the device, or raises ValidationError."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=40,
        widget=forms.TextInput(
            {"autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false"}
        ),
    )

    def __init__(self, *args, judge, **kwargs):
        super().__init__(*args, **kwargs)
        self.judge = judge

    def clean_code(self):
        """As it is compared: people type the blanks and hyphens that make it readable."""
        return "".join(self.cleaned_data["code"].replace("-", " ").split()).lower()

    def clean(self):
        if "code" in self.cleaned_data:
            try:
                self.device = self.judge(self.cleaned_data["code"])
            except ValidationError as error:
                self.add_error("code", error)
        return self.cleaned_data


def half_signed_in(view):
    """A page for whoever gave their password; there is none while SECOND_FACTOR is off."""

    @never_cache
    @csrf_protect
    @sensitive_post_parameters("code")
    @wraps(view)
    def guarded(request):
        if not settings.SECOND_FACTOR:
            raise Http404
        if not admin.site.knows_password(request):
            return redirect_to_login(request.get_full_path(), reverse("admin:login"))
        return view(request)

    return guarded


@half_signed_in
def ask(request):
    """The code of the telephone, or a recovery code."""
    if request.user.is_verified():
        return HttpResponseRedirect(admin.site.target(request))
    if second_factor.device_of(request.user) is None:
        return _on_to(request, "second_factor_enrol")
    form = CodeForm(
        request.POST or None, judge=lambda code: second_factor.check(request.user, code)
    )
    if not form.is_valid():
        return _page(request, "ask", _("Second step"), form=form)
    _let_in(request, form.device)
    if isinstance(form.device, StaticDevice):
        left = second_factor.codes_left(request.user)
        messages.warning(
            request,
            ngettext(
                "That recovery code is used up. %(left)s is left.",
                "That recovery code is used up. %(left)s are left.",
                left,
            )
            % {"left": left},
        )
    return HttpResponseRedirect(admin.site.target(request))


@half_signed_in
def enrol(request):
    """The key for an app on the telephone; one code shows that it has arrived there."""
    if request.user.is_verified() or second_factor.device_of(request.user):
        return _on_to(request, "second_factor")
    key = request.session.setdefault(KEY, random_hex(20))
    form = CodeForm(
        request.POST or None, judge=lambda code: second_factor.enrol(request.user, key, code)
    )
    if form.is_valid():
        codes = second_factor.new_recovery_codes(request.user)
        del request.session[KEY]
        _let_in(request, form.device)
        return _codes(request, codes)
    link = second_factor.link(request.user, key)
    return _page(
        request,
        "enrol",
        _("Set up the second step"),
        form=form,
        link=link,
        picture=segno.make(link, error="m").svg_data_uri(scale=4, light="#fff"),
        secret=_in_groups(second_factor.secret(key)),
    )


@half_signed_in
def new_codes(request):
    """How many recovery codes are left, and new ones for whoever asks."""
    if not request.user.is_verified():
        return _on_to(request, "second_factor")
    if request.method == "POST":
        return _codes(request, second_factor.new_recovery_codes(request.user))
    left = second_factor.codes_left(request.user)
    return _page(request, "codes", _("Recovery codes"), left=left)


def _let_in(request, device):
    login(request, device)
    request.session.cycle_key()


def _on_to(request, name):
    query = request.META["QUERY_STRING"]
    return HttpResponseRedirect(reverse(f"admin:{name}") + (f"?{query}" if query else ""))


def _codes(request, codes):
    shown = [_in_groups(code) for code in codes]
    return _page(
        request, "codes", _("Recovery codes"), codes=shown, target=admin.site.target(request)
    )


def _in_groups(text):
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))


def _page(request, name, title, **context):
    context |= {**admin.site.each_context(request), "title": title}
    request.current_app = admin.site.name
    return TemplateResponse(request, f"admin/second_factor/{name}.html", context)
