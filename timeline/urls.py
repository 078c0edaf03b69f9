"""Every address. The public pages carry their language."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.sitemaps.views import sitemap
from django.urls import include, path

from timeline.sitemaps import SITEMAPS
from timeline.views import (
    authorities,
    data,
    files,
    language,
    operations,
    records,
    sources,
    timeline,
)
from timeline.views.page import public_page

urlpatterns = [
    path("", operations.entrance, name="entrance"),
    path("admin/timeline/hints/", include("timeline.admin.hints")),
    path("admin/language/", language.choose, name="choose_language"),
    path("admin/", admin.site.urls),
    path("healthz", operations.healthz, name="healthz"),
    path("readyz", operations.readyz, name="readyz"),
    path("robots.txt", operations.robots, name="robots"),
    path("data/package.zip", data.package, name="package"),
    path("sitemap.xml", public_page(sitemap), {"sitemaps": SITEMAPS}, name="sitemap"),
    *i18n_patterns(
        path("", timeline.timeline, name="timeline"),
        path("timeline.csv", timeline.timeline_csv, name="timeline_csv"),
        path("trips-colt.csv", timeline.trips_csv, name="trips_csv"),
        path("trips/<slug:slug>/", records.trip, name="trip"),
        path("meetings/<slug:slug>/", records.meeting, name="meeting"),
        path("agreements/<slug:slug>/", records.agreement, name="agreement"),
        path("people/", authorities.people, name="people"),
        path("people/<slug:slug>/", authorities.person, name="person"),
        path("organizations/", authorities.organizations, name="organizations"),
        path("organizations/<slug:slug>/", authorities.organization, name="organization"),
        path("countries/", authorities.countries, name="countries"),
        path("countries/<slug:code>/", authorities.country, name="country"),
        path("sources/", sources.sources, name="sources"),
        path("sources/<slug:slug>/", sources.source, name="source"),
        path("sources/<slug:slug>/file/", files.source_file, name="source_file"),
        path("data/", data.data, name="data"),
    ),
]

handler400 = "timeline.views.errors.bad_request"
handler404 = "timeline.views.errors.not_found"
handler500 = "timeline.views.errors.server_error"
