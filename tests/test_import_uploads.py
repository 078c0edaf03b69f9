"""The uploads behind the import's page: each has its own token, and the page tells all of it."""

import re

import pytest
from django.core.files.storage import default_storage

from tests import builders, desk
from tests.files import as_csv, confirmation, counts, upload
from timeline.admin import upload as uploads
from timeline.models import Person

pytestmark = pytest.mark.django_db

TOKEN = "ab" * 16


@pytest.fixture(autouse=True)
def private_storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def test_a_used_token_is_not_given_to_another_file(client, eli):
    client.force_login(eli)
    for slug in ("first", "second"):
        preview = upload(client, Person, as_csv(["slug", "name"], [slug, slug]), token=TOKEN)
        assert (confirmation(preview)["token"] == TOKEN) is (slug == "first")
        answer = client.post(desk.page(Person, "process_import"), confirmation(preview))
        assert desk.said(answer)[-1].startswith("Imported: 1 new,")
    assert list(Person.objects.order_by("slug").values_list("slug", flat=True)) == [
        "first",
        "second",
    ]


def test_the_page_asks_for_the_progress_of_what_it_sends(client, eli):
    client.force_login(eli)
    pages = [
        client.get(desk.page(Person, "import")),
        upload(client, Person, as_csv(["slug", "name"], ["Ô", "Tô Lâm"]), token=TOKEN),
        upload(client, Person, b"\0", token=TOKEN),
    ]
    seen = {TOKEN}
    for page in pages:
        html = page.content.decode()
        [sent] = re.findall(r'<input type="hidden" name="token" value="(.*?)"', html)
        [asked] = re.findall(r'data-progress="(.*?)"', html)
        assert asked == f"/admin/timeline/person/import/{sent}/progress/"
        assert sent not in seen
        seen.add(sent)


def test_the_page_says_how_many_rows_are_cleared(client, eli):
    for number in range(60):
        builders.person(f"P {number}", slug=f"p-{number}", aliases="x")
    client.force_login(eli)
    rows = ([f"p-{number}", "[clear]"] for number in range(60))
    preview = upload(client, Person, as_csv(["slug", "aliases"], *rows))
    assert counts(preview) == (0, 60, 0, 0)
    assert "Values that are cleared (the first 50 of 60)" in preview.content.decode()


def test_a_report_that_is_gone_is_not_found(client, eli):
    client.force_login(eli)
    preview = upload(client, Person, as_csv(["slug", "name"], ["to-lam", "Tô Lâm"]))
    token = confirmation(preview)["token"]
    default_storage.delete(uploads.place(token, "rows"))
    assert client.get(f"/admin/timeline/person/import/{token}/report.csv").status_code == 404
