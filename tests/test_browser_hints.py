"""Help while typing, in a real browser: a date in words, a person who is there, an office."""

import pytest

from tests import builders, desk
from tests.browsing import DESK, Watch, follow, look
from timeline.models import Meeting, Participation


@pytest.mark.django_db(transaction=True)
def test_a_meeting_is_recorded_with_what_is_offered(page, live_server, eli):
    builders.tenure(person=builders.person("Tô Lâm"), date_edtf="2024-08-03/..")
    watch = Watch(page.context, live_server.url)
    page.set_viewport_size(DESK)
    watch.visit(page, desk.page(Meeting, "add"))
    page.get_by_label("Username:").fill("eli")
    page.get_by_label("Password:").fill("eli")
    follow(page.get_by_role("button", name="Log in"))
    page.get_by_label("Title in English:").fill("Talks")

    page.get_by_label("Date (EDTF):").fill("21-22/9/2024")
    date = page.locator("#id_date_edtf_reading")
    date.get_by_role("button", name="[2024-09-21..2024-09-22]").press("Enter")
    page.get_by_text("one of 21-22 September 2024").wait_for()
    assert page.get_by_label("Date (EDTF):").input_value() == "[2024-09-21..2024-09-22]"
    page.locator(".edtf-examples summary").press("Enter")
    page.get_by_role("button", name="2024-09-22", exact=True).press("Enter")
    page.get_by_text("22 September 2024", exact=True).first.wait_for()

    page.get_by_role("button", name="Add another Participation").press("Enter")
    row = page.locator("#participations-0")
    take_the_one_that_is_there(page, row)
    offer = row.get_by_role("button", name="General Secretary")
    offer.wait_for()
    assert "on this date (22 September 2024)" in row.locator(".hint.offices").inner_text()
    assert look(page) == {}
    offer.press("Enter")
    assert row.get_by_label("Office in Vietnamese").input_value() == "Tổng Bí thư"
    assert row.locator(".hint.offices").inner_text() == ""
    follow(page.get_by_role("button", name="Save", exact=True).first)

    taken = Participation.objects.get()
    assert (taken.name, taken.capacity_en) == ("Tô Lâm", "General Secretary")
    assert taken.subject.date_edtf == "2024-09-22"
    assert watch.faults == []


def take_the_one_that_is_there(page, row):
    """In the window that the choice of a person opens to add one."""
    with page.expect_popup() as opened:
        row.locator("#add_id_participations-0-person").click()
    window = opened.value
    window.get_by_label("Name:", exact=True).press_sequentially("to lam")
    found = window.get_by_role("link", name="There is already Tô Lâm, General Secretary.")
    found.wait_for()
    assert look(window) == {}
    with window.expect_event("close"):
        # Later, as the window is gone before the key is let go.
        take = window.get_by_role("button", name="Take this one")
        take.evaluate("button => { setTimeout(() => button.click()); }")
