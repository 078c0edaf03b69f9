"""Every address. The public pages carry their language."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.sitemaps import views as sitemaps
from django.urls import include, path

from timeline.citing import STYLES
from timeline.models import RECORDS
from timeline.sitemaps import SITEMAPS
from timeline.views import (
    citing,
    countries,
    data,
    feeds,
    files,
    language,
    operations,
    organizations,
    people,
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
    path("openapi.json", feeds.openapi, name="openapi"),
    path("data/package.zip", data.package, name="package"),
    path(
        "sitemap.xml",
        public_page(sitemaps.index),
        {"sitemaps": SITEMAPS, "sitemap_url_name": "sitemap_section"},
        name="sitemap",
    ),
    path(
        "sitemap-<slug:section>.xml",
        public_page(sitemaps.sitemap),
        {"sitemaps": SITEMAPS},
        name="sitemap_section",
    ),
    *i18n_patterns(
        path("", timeline.timeline, name="timeline"),
        path("timeline.csv", timeline.timeline_csv, name="timeline_csv"),
        path("timeline.json", feeds.timeline_json, name="timeline_json"),
        path("timeline.atom", feeds.timeline_atom, name="timeline_atom"),
        path("timeline.ics", feeds.timeline_ics, name="timeline_ics"),
        path("trips-colt.csv", timeline.trips_csv, name="trips_csv"),
        path("trips/<slug:slug>/", records.trip, name="trip"),
        path("meetings/<slug:slug>/", records.meeting, name="meeting"),
        path("agreements/<slug:slug>/", records.agreement, name="agreement"),
        *(
            path(
                f"{kind}s/<slug:slug>/cite.{style}",
                citing.file,
                {"kind": kind, "style": style},
                name=f"{kind}_{style}",
            )
            for kind in RECORDS
            for style in STYLES
        ),
        path("people/", people.people, name="people"),
        path("people/<slug:slug>/", people.person, name="person"),
        path("organizations/", organizations.organizations, name="organizations"),
        path("organizations/<slug:slug>/", organizations.organization, name="organization"),
        path("countries/", countries.countries, name="countries"),
        path("countries/<slug:code>/", countries.country, name="country"),
        path("countries/<slug:code>/<slug:other>/", countries.country_pair, name="country_pair"),
        path("sources/", sources.sources, name="sources"),
        path("sources/<slug:slug>/", sources.source, name="source"),
        path("sources/<slug:slug>/file/", files.source_file, name="source_file"),
        path("data/", data.data, name="data"),
    ),
]

handler400 = "timeline.views.errors.bad_request"
handler404 = "timeline.views.errors.not_found"
handler500 = "timeline.views.errors.server_error"
