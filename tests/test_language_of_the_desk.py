"""The language of the admin: chosen in its header, remembered, and no way to anywhere else."""

import pytest

from tests import desk
from timeline.models import Trip

pytestmark = pytest.mark.django_db


def test_the_language_is_chosen_remembered_and_keeps_the_page(client, vera):
    client.force_login(vera)
    here = f"{desk.page(Trip)}?state__exact=draft"
    page = client.get(here).content.decode()
    assert '<html lang="en' in page
    assert 'lang="vi">Tiếng Việt</button>' in page
    answer = client.post("/admin/language/", {"language": "vi", "next": here})
    assert answer.url == here
    cookie = answer.cookies["django_language"]
    assert (cookie.value, cookie["path"], cookie["httponly"]) == ("vi", "/admin/", True)
    page = client.get(here).content.decode()
    assert '<html lang="vi' in page
    assert 'lang="en">English</button>' in page, "a language is called by its own name"


@pytest.mark.parametrize(
    "onward", ["https://example.org/", "//example.org", "javascript:alert(1)", "\0", "x" * 10_000]
)
def test_the_language_leads_nowhere_else(client, onward):
    answer = client.post("/admin/language/", {"language": "vi", "next": onward})
    assert answer.status_code == 302
    assert "example" not in answer.url
    assert not answer.url.startswith("javascript")


def test_the_language_is_not_changed_by_a_link_nor_from_outside(client):
    assert client.get("/admin/language/?language=vi").status_code == 405
    strict = type(client)(enforce_csrf_checks=True)
    assert strict.post("/admin/language/", {"language": "vi"}).status_code == 403
    answer = client.post("/admin/language/", {"language": "xx", "next": "/admin/"})
    assert "django_language" not in answer.cookies
