"""The admin as a site: who is let in. Outside of `timeline.admin`, which registers with it."""

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import Http404, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode


class DeskConfig(AdminConfig):
    default_site = "timeline.desk.DeskSite"


class DeskSite(AdminSite):
    """Django's admin, which asks for a second factor when SECOND_FACTOR is on."""

    @property
    def login_form(self):
        from timeline.sign_in import SignInForm  # here, because it needs models

        return SignInForm

    def knows_password(self, request):
        """Whether this is a session of somebody who may work here once the rest is proven."""
        return super().has_permission(request)

    def has_permission(self, request):
        """Who has not shown the second factor may only leave."""
        if not self.knows_password(request):
            return False
        if not settings.SECOND_FACTOR or request.user.is_verified():
            return True
        return request.path == reverse("admin:logout")

    def login(self, request, extra_context=None):
        knows_password = request.method == "GET" and self.knows_password(request)
        if knows_password and not self.has_permission(request):
            target = urlencode({REDIRECT_FIELD_NAME: self.target(request)})
            return HttpResponseRedirect(f"{reverse('admin:second_factor')}?{target}")
        return super().login(request, extra_context)

    def target(self, request):
        """The page that somebody wanted before we asked who they are: never one of another site."""
        wanted = request.POST.get(REDIRECT_FIELD_NAME) or request.GET.get(REDIRECT_FIELD_NAME)
        allowed = url_has_allowed_host_and_scheme(
            wanted, {request.get_host()}, require_https=request.is_secure()
        )
        return wanted if allowed else reverse("admin:index")

    def get_urls(self):
        from timeline.admin import second_factor

        return [
            path("second-factor/", second_factor.ask, name="second_factor"),
            path("second-factor/enrol/", second_factor.enrol, name="second_factor_enrol"),
            path("second-factor/codes/", second_factor.new_codes, name="second_factor_codes"),
            path("r/<path:row>/", self.admin_view(self.no_way_round)),
            *super().get_urls(),
        ]

    def no_way_round(self, request, row):
        """Django's "view on site" tells anybody at the desk the address of any row, right or not.

        Our pages have the address of what is public, and need it for nothing else.
        """
        raise Http404

    def each_context(self, request):
        return {
            **super().each_context(request),
            "asks_second_factor": settings.SECOND_FACTOR,
            "languages": settings.LANGUAGES,  # each by its own name
        }
