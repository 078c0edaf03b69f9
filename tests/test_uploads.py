"""Files of sources: what is taken, where it is kept, and who gets it."""

import io
import re
import zipfile
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory

from tests import builders, desk
from timeline import uploads
from timeline.models import SourceDocument, Trip
from timeline.models.codes import Access
from timeline.views import files

OLD = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 100  # Word and Excel before 2007
WORD = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w:document/>"}
EXCEL = {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"}
ODF = b"application/vnd.oasis.opendocument."


def archive(parts):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        for name, part in parts.items():
            file.writestr(name, part)
    return content.getvalue()


PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
TAKEN = {
    "report.pdf": PDF,
    "REPORT.PDF": PDF,
    "scan.jpg": b"\xff\xd8\xff\xe0\0\x10JFIF",
    "scan.jpeg": b"\xff\xd8\xff\xe1",
    "scan.png": PNG,
    "scan.tif": b"II*\0\x08\0\0\0",
    "scan.tiff": b"MM\0*\0\0\0\x08",
    "scan.webp": b"RIFF\x24\0\0\0WEBPVP8 ",
    "paper.docx": archive(WORD),
    "table.xlsx": archive(EXCEL | {"xl/printerSettings/printerSettings1.bin": b"\0"}),
    "paper.odt": archive({"mimetype": ODF + b"text", "content.xml": b"<office/>"}),
    "table.ods": archive({"mimetype": ODF + b"spreadsheet", "content.xml": b"<office/>"}),
    "note.txt": "Tô Lâm\tnăm 2024\r\n5 < 7".encode(),
    "note2.txt": b"\xef\xbb\xbf" + "Đặng".encode(),
}
MACROS = b'<Types ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>'
REFUSED = {
    # by the ending
    **dict.fromkeys(("page.html", "page.htm", "picture.svg", "feed.xml", "page.mht"), b"a"),
    **dict.fromkeys(("run.exe", "run.js", "run.sh", "run.bat", "all.zip", "mail.eml"), b"a"),
    **dict.fromkeys(("old.doc", "old.xls", "list.csv", "noending", ".pdf", "report.pdf.exe"), PDF),
    "paper.docm": archive(WORD),
    # by what they hold
    "page.pdf": b"<html><script>alert(1)</script></html>",
    "late.pdf": b"\n" * 20 + PDF,
    "picture.png": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "run.pdf": b"MZ\x90\0\x03",
    "run.txt": b"\x7fELF\x02\x01\x01\0",
    "page.txt": b"Hello <ScRiPt>alert(1)</script>",
    "page2.txt": b"<!DOCTYPE html><p>",
    "long.txt": b"a" * 5_000_001,
    "nul.txt": b"a\0b",
    "escape.txt": b"a\x1b[31m",
    "latin.txt": "Tô Lâm".encode("utf-16"),
    "scan.gif.png": b"GIF89a",
    "other.png": b"\xff\xd8\xff\xe0",
    "old.docx": OLD,
    "plain.docx": b"PK\x03\x04 and no more",
    "any.docx": archive({"readme.txt": b"hello"}),
    "table.docx": archive(EXCEL),
    "both.docx": archive(WORD | EXCEL),
    "paper.ods": archive({"mimetype": ODF + b"text"}),
    "template.odt": archive({"mimetype": ODF + b"text-template"}),
    "macro.docx": archive(WORD | {"word/vbaProject.bin": b"\0"}),
    "macro2.docx": archive(WORD | {"[Content_Types].xml": MACROS}),
    "control.docx": archive(WORD | {"word/activeX/activeX1.xml": b"<ax/>"}),
    "object.xlsx": archive(EXCEL | {"xl/embeddings/oleObject1.bin": b"\0"}),
    "macro.odt": archive({"mimetype": ODF + b"text", "Basic/Standard/Module1.xml": b"<m/>"}),
    "bomb.docx": archive(WORD | {"[Content_Types].xml": b" " * 2_000_000}),
    "parts.docx": archive(WORD | {f"word/{'x' * 200}{number}": b"" for number in range(5000)}),
}


def upload(name, content):
    return SimpleUploadedFile(name, content)


def outcome(name, content):
    try:
        return uploads.check(upload(name, content))
    except ValidationError as error:
        return error.messages[0]


def test_what_is_taken_is_told_by_its_content():
    endings = {"jpeg": "jpg", "tiff": "tif"}
    expected = {name: name.rpartition(".")[2].lower() for name in TAKEN}
    expected = {name: endings.get(ending, ending) for name, ending in expected.items()}
    assert {name: outcome(name, content) for name, content in TAKEN.items()} == expected
    assert set(expected.values()) == set(uploads.TYPES)


def test_what_is_refused_is_a_sentence():
    sentences = {name: outcome(name, content) for name, content in REFUSED.items()}
    assert [
        name for name, said in sentences.items() if not said.endswith(f"{uploads.ENDINGS}.")
    ] == []
    by_ending = [name for name, said in sentences.items() if said.startswith("Files of this kind")]
    assert by_ending[-1] == "paper.docm"
    assert len(by_ending) == 18


def test_nothing_is_given_out_as_what_a_browser_runs():
    dangerous = re.compile(r"html|xml\b|svg|script|octet")
    assert [kind for kind, media in uploads.TYPES.items() if dangerous.search(media)] == []


# At the desk


@pytest.fixture
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def stored(folder):
    return sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    )


@pytest.mark.django_db
def test_a_file_is_stored_under_a_random_name(client, eli, folder):
    source = builders.source()
    client.force_login(eli)
    for _time in range(2):
        answer = desk.send(client, desk.page(source), file=upload("../Mật — Tô Lâm.PDF", PDF))
        assert answer.status_code == 302, desk.errors(answer)
    assert len(stored(folder)) == 2, "the history has the first one still"
    for name in stored(folder):
        assert re.fullmatch(r"sources/20\d\d/[0-9a-f]{32}\.pdf", name)
    assert SourceDocument.objects.get().file.name in stored(folder)
    assert Path(folder, stored(folder)[0]).stat().st_mode & 0o777 == 0o600


@pytest.mark.django_db
def test_a_refused_file_is_told_beside_its_field_and_not_kept(client, eli, folder):
    source = builders.source()
    client.force_login(eli)
    for name in ("page.html", "page.pdf", "macro.docx"):
        answer = desk.send(client, desk.page(source), file=upload(name, REFUSED[name]), number="7")
        assert list(desk.errors(answer)) == ["file"], name
        assert answer.context["adminform"].form["number"].value() == "7"
    answer = desk.send(
        client, desk.page(SourceDocument, "add"), title_en="x", file=upload("a.exe", b"a")
    )
    assert list(desk.errors(answer)) == ["file"]
    assert stored(folder) == []


@pytest.mark.django_db
def test_a_file_that_is_too_large_is_a_sentence_and_fills_no_disk(client, eli, folder, monkeypatch):
    source = builders.source()
    client.force_login(eli)
    monkeypatch.setattr(uploads, "MAX_SIZE", 100_000)
    received = []
    check = uploads.check
    monkeypatch.setattr(uploads, "check", lambda file: (received.append(file.size), check(file)))
    answer = desk.send(client, desk.page(source), file=upload("a.pdf", PDF + b" " * 3_000_000))
    assert desk.errors(answer) == {"file": "The file is larger than 0 MB."}
    assert 100_000 < received[0] < 200_000
    assert desk.send(client, desk.page(source), file=upload("a.pdf", PDF)).status_code == 302
    assert received[1] == len(PDF)
    two = {"file": upload("a.pdf", PDF), "another": upload("b.pdf", PDF)}
    assert client.post(desk.page(source), two).status_code == 400


@pytest.mark.django_db
def test_what_the_database_refuses_leaves_no_file(client, petra, folder, monkeypatch):
    desk.published_trip()
    source = SourceDocument.objects.get()
    client.force_login(petra)

    def refuse(*_arguments):
        raise ValidationError("refused after the write")

    with monkeypatch.context() as patched:
        patched.setattr("timeline.protection.refuse_incomplete", refuse)
        answer = desk.send(client, desk.page(source), file=upload("a.pdf", PDF))
        assert "refused after the write" in desk.errors(answer)["__all__"]
    assert stored(folder) == []
    assert desk.send(client, desk.page(source), file=upload("a.pdf", PDF)).status_code == 302
    assert len(stored(folder)) == 1


@pytest.mark.django_db
def test_a_file_is_taken_away_and_earlier_versions_keep_it(client, eli, folder):
    source = builders.source()
    client.force_login(eli)
    assert "remove_file" not in client.get(desk.page(source)).content.decode()
    desk.send(client, desk.page(source), file=upload("a.pdf", PDF))
    assert 'name="remove_file"' in client.get(desk.page(source)).content.decode()
    assert desk.send(client, desk.page(source), remove_file="on").status_code == 302
    source.refresh_from_db()
    assert not source.file
    assert [row.file for row in source.history.all()] == ["", stored(folder)[0], ""]
    desk.send(client, desk.page(source), file=upload("b.pdf", PDF))
    answer = desk.send(client, desk.page(source), remove_file="on", file=upload("c.png", PNG))
    assert answer.status_code == 302, "one is put in the place of the other"
    source.refresh_from_db()
    assert source.file.name.endswith(".png")


def file_page(source):
    return f"/admin/timeline/sourcedocument/{source.pk}/file/"


@pytest.mark.django_db
def test_at_the_desk_it_is_for_those_who_may_see_sources(client, vera, folder):
    source = builders.source(access=Access.INTERNAL, file=upload("a.pdf", PDF))
    assert client.get(file_page(source))["Location"].startswith("/admin/login/")
    client.force_login(vera)
    assert file_page(source) in client.get(desk.page(source)).content.decode()
    assert "/sources/20" not in client.get(desk.page(source)).content.decode()
    answer = client.get(file_page(source))
    assert (answer.status_code, answer.getvalue()) == (200, PDF)
    assert is_harmless(answer, "application/pdf", f"{source.slug}.pdf")
    version = source.history.get().pk
    history = client.get(f"{desk.page(source, 'history')}{version}/")
    assert (history.status_code, file_page(source) in history.content.decode()) == (200, False)
    for key in ("0", "9" * 30, "x", "%00"):
        assert client.get(f"/admin/timeline/sourcedocument/{key}/file/").status_code == 404
    assert client.get(file_page(builders.source("Another"))).status_code == 404
    assert client.post(file_page(source)).status_code == 405
    vera.groups.clear()
    for page in (file_page(source), "/admin/timeline/sourcedocument/0/file/"):
        assert client.get(page).status_code == 403


# In public


def is_harmless(answer, media_type, name):
    headers = answer.headers
    disposition = headers["Content-Disposition"]
    return (
        headers["Content-Type"] == media_type
        and disposition.startswith(f"attachment; filename={name}; filename*=UTF-8''")
        and disposition.isascii()
        and "sandbox" in headers["Content-Security-Policy"]
        and "default-src 'none'" in headers["Content-Security-Policy"]
        and headers["X-Content-Type-Options"] == "nosniff"
        and "no-store" in headers["Cache-Control"]
    )


@pytest.mark.django_db
def test_the_public_gets_the_file_of_an_open_and_public_source_alone(client, folder):
    source = builders.source("Tô Lâm: “thăm”", slug="visit", file=upload("a.txt", b"<b>text"))
    page, file = "/en/sources/visit/", "/en/sources/visit/file/"
    never = client.get("/en/sources/never/file/")

    def closed():
        answer = client.get(file)
        same = (answer.getvalue(), answer.headers) == (never.content, never.headers)
        return answer.status_code == 404 and same and file not in client.get(page).content.decode()

    assert closed(), "nothing published cites it"
    trip = builders.published(builders.trip, "To Lam in New York", source)
    assert file in client.get(page).content.decode()
    answer = client.get(file)
    assert answer.getvalue() == b"<b>text"
    assert is_harmless(answer, "text/plain; charset=utf-8", "visit.txt")
    title = "T%C3%B4%20L%C3%A2m%20th%C4%83m.txt"
    assert answer["Content-Disposition"].endswith(f"; filename*=UTF-8''{title}")
    head = client.head(file)
    assert (head.status_code, head.getvalue(), head["Content-Length"]) == (200, b"", "7")
    assert head.headers == answer.headers
    # The client above drops the body of a HEAD by itself; gunicorn does not.
    assert files.answer(RequestFactory().head(file), source).getvalue() == b""
    strict = Client(enforce_csrf_checks=True)
    assert [strict.post(file).status_code, strict.delete(file).status_code] == [405, 405]

    for access in (Access.CITATION, Access.INTERNAL):
        SourceDocument.objects.update(access=access, public_label_en="A paper")
        assert closed(), access
        if access == Access.CITATION:
            assert client.get(page).context["file"] is None
    SourceDocument.objects.update(access=Access.PUBLIC)
    assert not closed()
    Trip.objects.filter(pk=trip.pk).update(state="withdrawn")
    assert closed()
    Trip.objects.filter(pk=trip.pk).update(state="published")
    assert client.get(file).status_code == 200
    Path(folder, SourceDocument.objects.get().file.name).unlink()
    assert closed(), "the page does not name a file that is lost"


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["sources/a.html", "../a.txt", "/etc/a.txt", "sources"])
def test_a_name_that_no_upload_has_leads_nowhere(client, folder, name):
    (folder / "sources").mkdir()
    (folder / "sources/a.html").write_text("<script>")
    (folder.parent / "a.txt").write_text("a secret")
    source = builders.source(slug="visit")
    builders.published(builders.trip, "To Lam in New York", source)
    source.file = name
    source.save()
    assert client.get("/en/sources/visit/file/").status_code == 404
    assert client.get("/en/sources/visit/").status_code == 200
