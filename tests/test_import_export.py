"""Import and export in the admin: whose they are, what a file may say, and all of it or nothing."""

import hashlib

import pytest
from django.contrib.auth.models import Permission
from django.core.files.storage import default_storage
from django.test import Client

from tests import builders, desk
from tests.files import (
    CSV,
    as_csv,
    confirmation,
    counts,
    export,
    read_csv,
    refusals,
    store,
    upload,
)
from timeline import projection
from timeline.admin import upload as uploads
from timeline.models import (
    EDITED_MODELS,
    ChangeSet,
    Citation,
    Country,
    Meeting,
    Participation,
    Person,
    SourceDocument,
    Trip,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def private_storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


# Whose they are


@pytest.mark.parametrize(
    ("name", "imports"), [("vera", 403), ("eli", 200), ("petra", 200), ("ada", 200)]
)
@pytest.mark.parametrize("model", EDITED_MODELS)
def test_who_imports_and_who_exports(client, request, model, name, imports):
    client.force_login(request.getfixturevalue(name))
    content = client.get(desk.page(model)).content.decode()
    assert ("import_link" in content) is (imports == 200)
    assert "export_link" in content
    assert client.get(desk.page(model, "import")).status_code == imports
    assert upload(client, model, b"slug\nx\n").status_code == imports
    expected = 403 if imports == 403 else 302
    assert client.post(desk.page(model, "process_import"), {}).status_code == expected
    assert client.get(desk.page(model, "process_import")).status_code in (403, 405)
    assert client.get(desk.page(model, "export")).status_code == 200


@pytest.mark.parametrize("model", EDITED_MODELS)
def test_without_the_right_to_see_there_is_no_export(client, eli, model):
    eli.groups.clear()
    client.force_login(eli)
    assert client.get(desk.page(model, "export")).status_code == 403
    assert client.post(desk.page(model, "export"), {"format": CSV}).status_code == 403
    chosen = {"action": "export_admin_action", "_selected_action": ["1"]}
    assert client.post(desk.page(model), chosen).status_code == 403
    assert client.get(desk.page(model, "import")).status_code == 403


@pytest.mark.parametrize("right", ["add_person", "change_person"])
def test_to_import_takes_the_right_to_add_and_to_change(client, vera, right):
    vera.user_permissions.add(Permission.objects.get(codename=right))
    client.force_login(vera)
    assert client.get(desk.page(Person, "import")).status_code == 403
    assert upload(client, Person, b"slug\nx\n").status_code == 403


def test_an_editor_cannot_change_a_published_record_by_a_file(client, eli):
    trip = builders.published(builders.trip, "To Lam in New York", builders.source())
    draft = builders.trip("To Lam in Havana")
    sentence = "“To Lam in New York” is published: a publisher can change it, or withdraw it first."
    client.force_login(eli)
    answer = upload(client, Trip, as_csv(["slug", "title_en"], [trip.slug, "x"]))
    assert refusals(answer) == [f"2 : {sentence}"]
    cited = as_csv(["slug", "locator"], [trip.citations.get().slug, "II"])
    assert refusals(upload(client, Citation, cited)) == [f"2 : {sentence}"]
    new = as_csv(["slug", "trip", "country"], ["x", trip.slug, builders.country("US").code])
    assert refusals(upload(client, Participation, new)) == [f"2 : {sentence}"]
    rows = [["slug", "title_en"], [trip.slug, trip.title_en], [draft.slug, "To Lam in Cuba"]]
    answer = store(client, Trip, *rows)
    assert desk.said(answer)[-1].startswith("Imported: 0 new, 1 changed, 1 unchanged.")


def test_a_file_cannot_take_the_last_public_citation(client, petra):
    trip = builders.published(builders.trip, "To Lam in New York", builders.source())
    client.force_login(petra)
    closing = as_csv(["slug", "access"], [SourceDocument.objects.get().slug, "internal"])
    [sentence] = refusals(upload(client, SourceDocument, closing))
    assert sentence.startswith("“To Lam in New York” is published and would lose what it needs.")
    other = builders.trip("To Lam in Havana")
    moving = as_csv(["slug", "trip"], [trip.citations.get().slug, other.slug])
    [sentence] = refusals(upload(client, Citation, moving))
    assert sentence.startswith("“To Lam in New York” is published and would lose what it needs.")


def test_a_publisher_changes_a_published_record_by_a_file(client, petra):
    trip = builders.published(builders.trip, "To Lam in New York", builders.source())
    client.force_login(petra)
    rows = ["slug", "title_en"], [trip.slug, "To Lam at the UN"]
    assert refusals(upload(client, Trip, as_csv(*rows))) == [
        "“To Lam at the UN” is published: write what was corrected, for the public to read, or say "
        "that this change is minor."
    ]
    store(client, Trip, *rows, correction_en="The place was given wrongly.")
    assert trip.corrections.get().note_en == "The place was given wrongly."
    assert list(projection.differences()) == []
    last = trip.history.first()
    assert (str(last.history_user), last.history_change_reason) == ("petra", "import: to-lam.csv")


# Files and what others do meanwhile


def test_a_row_that_was_changed_since_the_export_is_refused(client, eli):
    for name in ("Tô Lâm", "Lương Cường"):
        builders.person(name)
    client.force_login(eli)
    exported = read_csv(export(client, Person))
    Person.objects.filter(slug="to-lam").update(aliases="To Lam")
    header = list(exported[0])
    rows = [[*(row | {"wikidata_id": f"Q{n}"}).values()] for n, row in enumerate(exported, 1)]
    assert refusals(upload(client, Person, as_csv(header, *rows))) == [
        "3 version: “to-lam” was changed since this file was made: it has the version 2, and the "
        "file says 1. Export it again."
    ]
    store(client, Person, header, *(row for row in rows if row[0] != "to-lam"))
    assert set(Person.objects.values_list("slug", "wikidata_id")) == {
        ("to-lam", ""),
        ("luong-cuong", "Q1"),
    }


def test_a_file_that_was_stored_may_be_sent_again(client, eli):
    builders.person()
    client.force_login(eli)
    header, row = ["slug", "aliases", "version"], ["to-lam", "To Lam", "1"]
    store(client, Person, header, row)
    assert counts(upload(client, Person, as_csv(header, row))) == (0, 0, 1, 0)
    assert Person.objects.get().version == 2


def test_rows_that_are_changed_between_preview_and_confirmation_stop_the_file(client, eli):
    builders.person()
    client.force_login(eli)
    rows = ["slug", "wikidata_id"], ["to-lam", "Q42"]
    preview = upload(client, Person, as_csv(*rows))
    Person.objects.update(aliases="To Lam")
    answer = client.post(desk.page(Person, "process_import"), confirmation(preview))
    assert refusals(answer) == [
        "2 : “to-lam” was changed since the preview: it has the version 2 now, and had 1 then."
    ]
    assert Person.objects.get().wikidata_id == ""


def test_an_import_is_an_act_with_the_name_and_the_hash_of_its_file(client, eli):
    client.force_login(eli)
    rows = ["slug", "name"], ["to-lam", "Tô Lâm"], ["luong-cuong", "Lương Cường"]
    store(client, Person, *rows)
    act = ChangeSet.objects.get()
    assert (act.kind, act.user, act.file_name) == ("import", eli, "to-lam.csv")
    assert act.file_hash == hashlib.sha256(as_csv(*rows)).hexdigest()
    assert Person.history.filter(change_set=act).count() == 2


@pytest.mark.parametrize(
    ("name", "old", "new", "refused"),
    [
        ("eli", "draft", "review", None),
        ("eli", "draft", "published", "You may not do this with"),
        ("petra", "draft", "published", None),
        ("petra", "review", "draft", None),
        ("petra", "published", "withdrawn", "a withdrawal has its own reason"),
    ],
)
def test_a_state_in_a_file_is_a_step_of_publication(client, request, name, old, new, refused):
    trip = builders.published(builders.trip, "To Lam in New York", builders.source())
    Trip.objects.update(state=old)
    client.force_login(request.getfixturevalue(name))
    rows = ["slug", "state"], [trip.slug, new]
    if refused:
        assert refused in " ".join(refusals(upload(client, Trip, as_csv(*rows))))
    else:
        store(client, Trip, *rows)
        assert trip.history.first().history_change_reason.endswith(": import: to-lam.csv")
    assert Trip.objects.get().state == (old if refused else new)
    assert list(projection.differences()) == []


# The upload belongs to who made it


def test_nobody_confirms_the_upload_of_somebody_else(client, eli, petra):
    client.force_login(eli)
    preview = upload(client, Person, as_csv(["slug", "name"], ["to-lam", "Tô Lâm"]))
    sent = confirmation(preview)
    client.force_login(petra)
    answer = client.post(desk.page(Person, "process_import"), sent)
    assert answer.url == desk.page(Person, "import")
    assert desk.said(answer) == [
        "This upload is not yours, or it has expired. Upload the file again."
    ]
    client.force_login(eli)
    answer = client.post(desk.page(Person, "process_import"), sent)
    assert (
        desk.said(answer)[-1]
        == "This upload is not yours, or it has expired. Upload the file again."
    )
    assert not Person.objects.exists()


@pytest.mark.parametrize("token", ["../../etc/passwd", "", "x\0", "0" * 32, "0" * 5000])
def test_a_forged_confirmation_is_refused(client, eli, token):
    client.force_login(eli)
    preview = upload(client, Person, as_csv(["slug", "name"], ["to-lam", "Tô Lâm"]))
    sent = confirmation(preview) | {"token": token}
    answer = client.post(desk.page(Person, "process_import"), sent)
    assert answer.url == desk.page(Person, "import")
    assert not Person.objects.exists()


def test_an_upload_is_used_in_the_session_that_made_it(client, eli):
    client.force_login(eli)
    preview = upload(client, Person, as_csv(["slug", "name"], ["to-lam", "Tô Lâm"]))
    another = Client()
    another.force_login(eli)
    answer = another.post(desk.page(Person, "process_import"), confirmation(preview))
    assert answer.url == desk.page(Person, "import")
    assert not Person.objects.exists()


def test_an_upload_is_for_one_table_and_one_time(client, eli):
    client.force_login(eli)
    preview = upload(client, Person, as_csv(["slug", "name"], ["to-lam", "Tô Lâm"]))
    sent = confirmation(preview)
    assert client.post(desk.page(Trip, "process_import"), sent).url == desk.page(Trip, "import")
    for said in ("Imported: 1 new, 0 changed, 0 unchanged.", "This upload was stored already"):
        answer = client.post(desk.page(Person, "process_import"), sent)
        assert answer.url == desk.page(Person)
        assert desk.said(answer)[-1].startswith(said)
    assert [person.name for person in Person.objects.all()] == ["Tô Lâm"]


def kept(part):
    names = default_storage.listdir(uploads.FOLDER)[1]
    return [name for name in names if name.endswith(part)]


def test_a_refused_upload_is_not_kept(client, eli):
    client.force_login(eli)
    assert client.post(desk.page(Person, "import"), {}).status_code == 200
    upload(client, Person, as_csv(["slug", "nom"], ["to-lam", "Tô Lâm"]))
    assert kept("file") == []


def test_an_upload_that_nobody_confirmed_goes_in_time(client, eli, monkeypatch):
    client.force_login(eli)
    rows = as_csv(["slug", "name"], ["to-lam", "Tô Lâm"])
    upload(client, Person, rows)
    upload(client, Person, rows)
    assert len(kept("file")) == len(kept("rows")) == 2
    monkeypatch.setattr(uploads, "MAX_AGE", -uploads.MAX_AGE)
    upload(client, Person, rows)
    assert len(kept("file")) == len(kept("rows")) == 1


# What a file may say


def test_new_rows_and_changed_ones_and_what_stays(client, eli):
    builders.country("VN")
    builders.person("Tô Lâm", aliases="To Lam")
    client.force_login(eli)
    rows = [
        ["slug", "name", "country", "aliases"],
        ["to-lam", "Tô Lâm", "VN", ""],
        ["biden-joe", "Joe Biden", "", "Joseph R. Biden"],
    ]
    preview = upload(client, Person, as_csv(*rows))
    assert counts(preview) == (1, 1, 0, 0)
    assert Person.objects.count() == 1, "a preview stores nothing"
    assert Person.history.count() == 1
    answer = client.post(desk.page(Person, "process_import"), confirmation(preview))
    assert desk.said(answer)[0].startswith("Imported: 1 new, 1 changed, 0 unchanged.")
    found = Person.objects.order_by("slug").values_list("slug", "country__code", "aliases")
    assert list(found) == [("biden-joe", None, "Joseph R. Biden"), ("to-lam", "VN", "To Lam")]
    again = upload(client, Person, as_csv(*rows))
    assert "confirm_form" not in again.context
    assert counts(again) == (0, 0, 2, 0)


@pytest.mark.parametrize(
    ("model", "rows", "sentence"),
    [
        (Person, [["slug", "nom"], ["x", "Tô Lâm"]], "Unknown columns: nom. The columns are: slug"),
        (Person, [["slug", "id"], ["x", "1"]], "Unknown columns: id."),
        (Person, [["name"], ["Tô Lâm"]], "The column slug is missing."),
        (
            Person,
            [["slug", "name"], ["to-lam", "Tô Lâm"], [" to-lam", "Tô Lâm"]],
            "Rows that appear more than once: to-lam (2, 3).",
        ),
        (
            Person,
            [["slug", "name"], ["", "Tô Lâm"]],
            "Row 2 has no key: every row needs one in the column slug.",
        ),
        (
            Person,
            [["slug", "name", "country"], ["to-lam", "Tô Lâm", "XX"]],
            "2 country: There is no country with the code “XX”.",
        ),
        (Person, [["slug", "name"], ["Tô Lâm", "Tô Lâm"]], "2 slug: Enter a valid “slug”"),
        (
            Person,
            [["slug", "name"], ["to-lam", "T" * 301]],
            "2 name: Ensure this value has at most",
        ),
        (Person, [["slug", "name"], ["to-lam", "Tô \u202eLâm"]], "U+202E"),
        (
            Person,
            [["slug", "name"], ["to-lam", "Tô\0Lâm"]],
            "This is neither a CSV file in UTF-8 nor an XLSX workbook.",
        ),
        (Trip, [["slug", "date_edtf"], ["x", "20.9.2024"]], "2 date_edtf: "),
        (Trip, [["slug", "title_en", "kind"], ["x", "X", "tour"]], "2 kind: Value 'tour' is not"),
        (
            Trip,
            [["slug", "title_en", "state"], ["x", "X", "gone"]],
            "“X” cannot go from the state “draft” to “gone”.",
        ),
        (Trip, [["slug", "title_en", "publish_at"], ["x", "X", "soon"]], "is no date and time"),
        (
            Trip,
            [["slug", "title_en", "publish_at"], ["x", "X", "0001-01-01T00:00+07:00"]],
            "Give a moment between the years 1900 and 2199.",
        ),
        (
            SourceDocument,
            [["slug", "title_en", "is_held"], ["x", "X", "maybe"]],
            "2 is_held: “maybe” is neither 1 nor 0.",
        ),
        (
            SourceDocument,
            [["slug", "title_en", "url"], ["x", "X", "javascript:alert(1)"]],
            "2 url: Enter a valid URL.",
        ),
        (
            Citation,
            [["slug"], ["x"]],
            "2 source: Every row needs this column.",
        ),
        (
            Participation,
            [["slug", "order", "role"], ["x", "1.5", "head"]],
            "2 order: “1.5” is no whole number.",
        ),
        (Country, [["code", "iso3"], ["VNM", "VNM"]], "2 code: "),
    ],
)
def test_what_a_file_cannot_say_is_told_with_its_row_and_column(
    client, petra, model, rows, sentence
):
    client.force_login(petra)
    answer = upload(client, model, as_csv(*rows))
    assert answer.status_code == 200
    assert "confirm_form" not in answer.context
    assert sentence in " | ".join(refusals(answer))
    if "report" in answer.context:
        assert "Nothing was stored" in answer.content.decode()
    assert not model.objects.exists()


def test_one_bad_row_and_nothing_is_stored(client, eli):
    client.force_login(eli)
    rows = [["slug", "name"], *([f"p-{number}", "Tô Lâm"] for number in range(4)), ["Ô", "Tô Lâm"]]
    answer = upload(client, Person, as_csv(*rows))
    assert [sentence[:7] for sentence in refusals(answer)] == ["6 slug:"]
    assert not Person.objects.exists()


def test_what_clashes_after_the_preview_is_told_and_nothing_is_stored(client, eli):
    rows = [["slug", "name", "wikidata_id"], ["to-lam", "Tô Lâm", ""], ["x", "Joe Biden", "Q6279"]]
    client.force_login(eli)
    preview = upload(client, Person, as_csv(*rows))
    builders.person("Joseph Biden", wikidata_id="Q6279")
    answer = client.post(desk.page(Person, "process_import"), confirmation(preview))
    assert answer.status_code == 200
    assert desk.said(answer) == ["Nothing was stored: see below why."]
    assert "Another person already has this Wikidata number." in answer.content.decode()
    assert [person.name for person in Person.objects.all()] == ["Joseph Biden"]


def test_a_file_may_refer_to_its_own_rows(client, eli):
    client.force_login(eli)
    rows = [["slug", "title_en", "part_of"], ["session", "General debate", ""]]
    rows += [["biden", "To Lam meets Joe Biden", "session"]]
    store(client, Meeting, *rows)
    assert Meeting.objects.get(slug="biden").part_of.slug == "session"
