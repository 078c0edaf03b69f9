"""What an administrator does for somebody who cannot come in: ends a lock-out, takes a lost
telephone off.
"""

from axes.attempts import get_cool_off_threshold
from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Max, Sum
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from timeline import second_factor
from timeline.admin.keys import is_key

MAX_ROWS = 200


def lock_outs(request):
    """Who is locked out now: rows of username, ip_address, failures, last_failure."""
    AxesProxyHandler.update_request(request)
    recent = AccessAttempt.objects.filter(attempt_time__gte=get_cool_off_threshold(request))
    return (
        recent.values("username", "ip_address")
        .annotate(failures=Sum("failures_since_start"), last_failure=Max("attempt_time"))
        .filter(failures__gte=settings.AXES_FAILURE_LIMIT)
        .order_by("-last_failure", "username", "ip_address")[:MAX_ROWS]
    )


class LockOutForm(forms.Form):
    """Names one row of the list of lock-outs."""

    username = forms.CharField(max_length=255, strip=False)
    ip_address = forms.GenericIPAddressField(required=False)


class Rescue:
    """Two pages beside those of the accounts, for who may change accounts."""

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("lock-outs/", view(self.lock_outs_view), name="auth_user_lock_outs"),
            path(
                "<id>/second-factor/",
                view(self.second_factor_view),
                name="auth_user_second_factor",
            ),
            *super().get_urls(),
        ]

    def lock_outs_view(self, request):
        if not self.has_change_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            self.end_lock_out(request)
            return HttpResponseRedirect(request.path)
        return self.page(request, "lock_outs", _("Locked out"), rows=lock_outs(request))

    def end_lock_out(self, request):
        form = LockOutForm(request.POST)
        if form.is_valid():
            name, address = form.cleaned_data["username"], form.cleaned_data["ip_address"]
            AccessAttempt.objects.filter(username=name, ip_address=address or None).delete()
            messages.success(request, _("%(name)s may try again.") % {"name": name})

    def second_factor_view(self, request, id):
        user = self.get_object(request, id) if is_key(id) else None
        if user is None:
            raise Http404
        if not self.has_change_permission(request, user):
            raise PermissionDenied
        if request.method == "POST":
            second_factor.remove(user)
            self.log_change(request, user, _("Took the second factor away."))
            messages.success(
                request, _("%(name)s sets up a new device at the next sign-in.") % {"name": user}
            )
            return HttpResponseRedirect(reverse("admin:auth_user_change", args=[user.pk]))
        device, left = second_factor.device_of(user), second_factor.codes_left(user)
        return self.page(
            request, "second_factor", _("Second factor"), original=user, device=device, left=left
        )

    def page(self, request, name, title, **context):
        context |= {**self.admin_site.each_context(request), "title": title, "opts": self.opts}
        request.current_app = self.admin_site.name
        return TemplateResponse(request, f"admin/auth/user/{name}.html", context)
