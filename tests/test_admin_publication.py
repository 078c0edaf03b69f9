"""Publication in the admin: the page that asks, what it says, and that nothing goes round it."""

import pytest

from tests import answers, builders, desk
from timeline import projection
from timeline.models import Agreement, Citation, Meeting, TimelineEntry, Trip
from timeline.models.codes import Access, State

pytestmark = pytest.mark.django_db

VERBS = ["submit", "publish", "withdraw", "return_to_draft"]
NO_SOURCE = (
    "It has no citation of a source that the public may know of. Add a citation whose source has "
    "the access “public” or “citation”."
)


ON_ITS_RECORD = (
    "“To Lam in New York” is published: take this part away on the page of that record, where the "
    "public is told of it."
)


@pytest.fixture
def source(db):
    return builders.source()


@pytest.fixture
def trip(source):
    row = builders.trip()
    builders.citation(row, source=source)
    return row


def asking(model, verb, *rows):
    return f"{desk.page(model)}publication/{verb}/?" + "&".join(f"id={row.pk}" for row in rows)


def entries():
    assert list(projection.differences()) == []
    return list(TimelineEntry.objects.values_list("slug", flat=True))


# Buttons on the page of a record


@pytest.mark.parametrize(
    ("name", "state", "buttons"),
    [
        ("vera", "draft", []),
        ("eli", "draft", ["Submit for review"]),
        ("eli", "review", []),
        ("eli", "published", []),
        ("petra", "draft", ["Submit for review", "Publish"]),
        ("petra", "review", ["Publish", "Return to draft"]),
        ("petra", "published", ["Withdraw"]),
        ("petra", "withdrawn", ["Publish", "Return to draft"]),
        ("ada", "draft", ["Submit for review", "Publish"]),
    ],
)
def test_a_record_shows_the_steps_that_its_reader_may_take(
    client, request, trip, name, state, buttons
):
    Trip.objects.update(state=state)
    client.force_login(request.getfixturevalue(name))
    answer = client.get(desk.page(trip))
    steps = answer.context["publication_steps"]
    assert [str(label) for label, _address in steps] == buttons
    for _label, address in steps:
        assert address.replace("&", "&amp;") in answer.content.decode()
        assert client.get(address).status_code == 200


def test_publishing_from_the_page_of_a_record(client, petra, trip):
    client.force_login(petra)
    address = asking(Trip, "publish", trip)
    assert entries() == [], "looking at the question does nothing"
    answer = desk.confirm(client, address, note="Compared with the source")
    assert answer.url == desk.page(trip)
    assert desk.said(answer) == ["Published: To Lam in New York."]
    assert entries() == [trip.slug]
    last = trip.history.first()
    assert (str(last.history_user), last.history_change_reason) == (
        "petra",
        "publish: Compared with the source",
    )
    assert (
        "publish: Compared with the source"
        in client.get(desk.page(trip, "history")).content.decode()
    )
    assert client.get(f"/en/trips/{trip.slug}/").status_code == 200


def test_a_withdrawal_needs_its_reason_beside_the_field(client, petra, trip):
    client.force_login(petra)
    desk.confirm(client, asking(Trip, "publish", trip))
    answer = desk.confirm(client, asking(Trip, "withdraw", trip), note="  ")
    assert answer.context["form"].errors == {"note": ["Give the reason of the withdrawal."]}
    assert entries() == [trip.slug]
    answer = desk.confirm(client, asking(Trip, "withdraw", trip), note="Wrong date")
    assert desk.said(answer)[-1] == "Withdrawn: To Lam in New York."
    assert entries() == []
    assert Trip.objects.get().withdrawn_reason == "Wrong date"
    assert "Wrong date" in client.get(desk.page(trip)).content.decode()


@pytest.mark.parametrize("note", ["a\0b", "a\u202eb", "x" * 1_001])
@pytest.mark.parametrize("verb", ["publish", "submit"])
def test_a_note_that_cannot_be_stored_is_refused_and_stays(client, petra, trip, verb, note):
    client.force_login(petra)
    answer = desk.confirm(client, asking(Trip, verb, trip), note=note)
    assert list(answer.context["form"].errors) == ["note"]
    assert answer.context["form"]["note"].value() == note
    assert Trip.objects.get().state == State.DRAFT


def test_submitting_and_returning(client, eli, petra, trip):
    client.force_login(eli)
    desk.confirm(client, asking(Trip, "submit", trip))
    assert Trip.objects.get().state == State.REVIEW
    client.force_login(petra)
    desk.confirm(client, asking(Trip, "return_to_draft", trip), note="The title is missing")
    assert Trip.objects.get().state == State.DRAFT
    assert trip.history.first().history_change_reason == "return_to_draft: The title is missing"


# From the list


def test_publishing_from_the_list_asks_first_and_tells_of_each(client, petra, source):
    ready, bare = builders.meeting(), builders.meeting("To Lam meets Pietro Parolin")
    builders.citation(ready, source=source)
    closed = builders.source("Programme of the visit", access=Access.INTERNAL)
    builders.citation(bare, source=closed)
    client.force_login(petra)
    answer = client.post(
        desk.page(Meeting), {"action": "publish", "_selected_action": [ready.pk, bare.pk]}
    )
    question = client.get(answer.url)
    content = question.content.decode()
    assert [str(record) for record, *_ in question.context["records"]] == [
        "To Lam meets Joe Biden",
        "To Lam meets Pietro Parolin",
    ]
    assert content.count("It has no citation of a source that the public may know of.") == 1
    assert "style=" not in content
    assert entries() == []
    answer = desk.confirm(client, answer.url)
    assert answer.url == desk.page(Meeting)
    assert desk.said(answer) == [
        f"“To Lam meets Pietro Parolin” cannot be published yet. {NO_SOURCE}",
        "Published: To Lam meets Joe Biden.",
    ]
    assert entries() == [ready.slug]


def test_a_step_that_does_not_start_here_is_refused_with_a_sentence(client, petra, trip):
    client.force_login(petra)
    answer = desk.confirm(client, asking(Trip, "return_to_draft", trip))
    assert desk.said(answer) == [
        "“To Lam in New York” is in the state “draft”; this step starts from: in review, withdrawn."
    ]


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("vera", []),
        ("eli", ["submit"]),
        ("petra", VERBS),
        ("ada", VERBS),
    ],
)
@pytest.mark.parametrize("model", [Trip, Meeting, Agreement])
def test_who_may_take_which_step(client, request, model, name, allowed):
    record = getattr(builders, model._meta.model_name)()
    client.force_login(request.getfixturevalue(name))
    actions = client.get(desk.page(model)).context["action_form"].fields["action"].choices
    assert [verb for verb, _label in actions if verb in VERBS] == allowed
    for verb in VERBS:
        expected = 200 if verb in allowed else 403
        assert client.get(asking(model, verb, record)).status_code == expected, verb
        if verb not in allowed:
            assert desk.confirm(client, asking(model, verb, record), note="x").status_code == 403
    assert model.objects.get().state == State.DRAFT


def test_nonsense_in_the_question_is_no_error_of_ours(client, petra):
    client.force_login(petra)
    page = desk.page(Trip)
    assert client.get(f"{page}publication/destroy/?id=1").status_code == 404
    for query in ("", "?id=x", "?id=%00", "?id=" + "9" * 40, "?id=99999"):
        answer = client.get(f"{page}publication/publish/{query}")
        assert answer.url == page, query
        assert desk.said(answer)[-1] == "No records were chosen."


def test_too_many_at_a_time_are_refused_with_a_sentence(client, petra):
    Trip.objects.bulk_create(
        [Trip(title_en=f"Trip {number}", slug=f"trip-{number}") for number in range(201)]
    )
    client.force_login(petra)
    chosen = list(Trip.objects.values_list("pk", flat=True)[:2])
    answer = client.post(
        desk.page(Trip),
        {"action": "publish", "_selected_action": chosen, "select_across": "1", "index": "0"},
    )
    assert desk.said(answer) == ["Choose at most 200 records at a time."]


# Nothing goes round it


def test_a_forged_state_is_not_read(client, petra, trip):
    client.force_login(petra)
    forged = {"state": "published", "published_at": "2024-09-21", "withdrawn_reason": "x"}
    assert desk.send(client, desk.page(trip), title_en="To Lam", **forged).status_code == 302
    trip.refresh_from_db()
    assert (trip.title_en, trip.state, trip.published_at) == ("To Lam", State.DRAFT, None)
    desk.send(client, desk.page(Trip, "add"), title_en="To Lam in Havana", **forged)
    assert set(Trip.objects.values_list("state", flat=True)) == {State.DRAFT}
    assert entries() == []


def test_the_last_public_citation_of_a_published_record_stays(client, petra, trip):
    client.force_login(petra)
    desk.confirm(client, asking(Trip, "publish", trip))
    cited = trip.citations.get()
    sentence = f"“To Lam in New York” is published and would lose what it needs. {NO_SOURCE} "
    sentence += "Withdraw it first."
    answer = desk.send(client, desk.page(trip), **{"citations-0-DELETE": "on"})
    assert desk.errors(answer) == {"__all__": sentence}
    closed = builders.source("Programme of the visit", access=Access.INTERNAL)
    answer = desk.send(client, desk.page(trip), **{"citations-0-source": closed.pk})
    assert desk.errors(answer) == {"__all__": sentence}
    answer = desk.send(client, desk.page(cited), source=closed.pk)
    assert desk.errors(answer) == {"__all__": sentence}
    answer = desk.delete(client, cited)
    assert desk.said(answer)[-1] == ON_ITS_RECORD
    chosen = {"action": "delete_selected", "_selected_action": [cited.pk], "post": "yes"}
    answer = client.post(desk.page(Citation), chosen)
    assert desk.said(answer)[-1] == ON_ITS_RECORD
    assert list(trip.citations.all()) == [cited]
    assert entries() == [trip.slug]


def test_a_citation_that_is_not_the_last_may_go(client, petra, trip):
    client.force_login(petra)
    desk.confirm(client, asking(Trip, "publish", trip))
    builders.citation(trip, source=builders.source("Communist Review"))
    answer = desk.send(client, desk.page(trip), is_minor="on", **{"citations-0-DELETE": "on"})
    assert answer.status_code == 302
    assert trip.citations.count() == 1
    assert entries() == [trip.slug]


def test_a_published_record_keeps_its_title(client, petra, trip):
    client.force_login(petra)
    desk.confirm(client, asking(Trip, "publish", trip))
    answer = desk.send(client, desk.page(trip), title_en="")
    assert desk.errors(answer) == {"title_vi": "Give a title in at least one language."}


def test_each_save_brings_the_timeline_up_to_date(client, ada, trip):
    client.force_login(ada)
    desk.confirm(client, asking(Trip, "publish", trip))
    usa = builders.country("US")
    data = desk.opened(client, desk.page(trip)) | {"is_minor": "on"}
    desk.add_inline(data, "legs", order=1, country=usa.pk, kind="unknown", place_en="New York")
    desk.add_inline(data, "participations", order=1, role="head", country=usa.pk)
    assert client.post(desk.page(trip), data).status_code == 302
    assert entries() == [trip.slug]
    assert TimelineEntry.objects.get().place_en == "New York, United States"
    desk.send(client, desk.page(usa), name_en="United States of America")
    assert entries() == [trip.slug]
    assert TimelineEntry.objects.get().place_en == "New York, United States of America"
    desk.send(client, desk.page(trip), slug="to-lam-in-new-york-2024", is_minor="on")
    assert entries() == ["to-lam-in-new-york-2024"]


def test_what_the_public_reads_is_withdrawn_before_it_is_deleted(client, ada, trip):
    client.force_login(ada)
    desk.confirm(client, asking(Trip, "publish", trip))
    answer = desk.delete(client, trip)
    assert desk.said(answer)[-1] == (
        "“To Lam in New York” is published: withdraw it first, with a reason."
    )
    assert entries() == [trip.slug]
    desk.confirm(client, asking(Trip, "withdraw", trip), note="Wrong day")
    desk.delete(client, trip)
    assert not Trip.objects.exists()


def test_a_save_writes_the_projection_once(client, ada, trip, monkeypatch):
    client.force_login(ada)
    desk.confirm(client, asking(Trip, "publish", trip))
    data = desk.opened(client, desk.page(trip)) | {
        "title_en": "To Lam at the United Nations",
        "is_minor": "on",
    }
    for number in range(5):
        country = builders.country("US" if number % 2 else "VN")
        desk.add_inline(data, "legs", order=number, country=country.pk, kind="unknown")
    written = []
    write = projection._write
    monkeypatch.setattr(projection, "_write", lambda records: written.append(write(records)))
    assert client.post(desk.page(trip), data).status_code == 302
    assert len(written) == 1


# The same file as the public has, for chosen rows


def test_chosen_rows_as_timeline_csv(client, vera, trip, source):
    published = builders.published(builders.trip, "To Lam in Havana", source)
    client.force_login(vera)
    chosen = {"action": "download_timeline_csv", "_selected_action": [trip.pk, published.pk]}
    answer = client.post(desk.page(Trip), chosen)
    assert answer["Content-Disposition"] == 'attachment; filename="timeline.csv"'
    rows = answers.rows(answer)
    assert [(row["slug"], row["url"]) for row in rows] == [
        (published.slug, f"http://testserver/en/trips/{published.slug}/")
    ]
    assert desk.said(answer) == ["1 of 2 chosen rows were left out: they are not published."]
    answer = client.post(desk.page(Trip), {**chosen, "_selected_action": [trip.pk]})
    assert answer.url == desk.page(Trip)
    assert desk.said(answer)[-1] == "1 of 1 chosen rows were left out: they are not published."
