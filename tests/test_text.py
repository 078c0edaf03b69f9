"""Text is stored as NFC with nothing hidden, found without marks, sorted as in Vietnamese."""

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline import text

NFD = "Tô Lâm và Đặng Hoàng Giang"
LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxy"
TONES = ["", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"]


@pytest.mark.parametrize(
    ("given", "multiline", "stored"),
    [
        (unicodedata.normalize("NFD", NFD), False, unicodedata.normalize("NFC", NFD)),
        ("  Hà Nội \u00a0", False, "Hà Nội"),
        ("New\r\nYork\tCity", False, "New York City"),
        ("one\r\ntwo\rthree\n", True, "one\ntwo\nthree"),
        ("a\tb", True, "a\tb"),
        ("👩\u200d💻", False, "👩\u200d💻"),  # a joiner belongs to the sign it makes
        ("", False, ""),
    ],
)
def test_text_is_stored_in_one_form(given, multiline, stored):
    assert text.normalize(given, multiline=multiline) == stored


@pytest.mark.parametrize(
    "character",
    ["\x00", "\x08", "\x0b", "\x1b", "\x7f", "\x85", "\ud800", *sorted(text.BIDI_OVERRIDES)],
    ids=lambda character: f"U+{ord(character):04X}",
)
@pytest.mark.parametrize("multiline", [True, False])
def test_an_invisible_character_is_refused_by_name_and_place(character, multiline):
    sentence = rf"character 3 is U\+{ord(character):04X}, an invisible control character"
    with pytest.raises(text.UnsafeText, match=sentence):
        text.normalize(f"Tô{character}Lâm", multiline=multiline)


@pytest.mark.parametrize(
    ("given", "folded"),
    [
        ("Tô Lâm", "to lam"),
        ("Đặng Hoàng Giang", "dang hoang giang"),
        ("ĐỖ HÙNG VIỆT", "do hung viet"),
        (unicodedata.normalize("NFD", "Nguyễn Phú Trọng"), "nguyen phu trong"),
        ("Ðặng", "dang"),  # the eth of old typefaces
        ("ＡＢＣ　１２", "abc 12"),
        ("℡ 𝐀𝐁", "tel ab"),  # signs that decompose to capitals
        ("Straße", "strasse"),
        ("  two   words\n", "two words"),
        ("Ướt ưỡn", "uot uon"),
    ],
)
def test_folding_drops_case_and_marks(given, folded):
    assert text.fold(given) == folded


@pytest.mark.parametrize(
    ("given", "slug"),
    [
        ("Đặng Hoàng Giang", "dang-hoang-giang"),
        ("Tô Lâm - Joe Biden (25/9/2024)", "to-lam-joe-biden-25-9-2024"),
        ("--a--", "a"),
        ("Лавров", ""),
        ("a" * 300, "a" * 200),
        (f"{'a' * 199} b", "a" * 199),  # no hyphen is left at the cut
    ],
)
def test_an_address_is_made_of_the_folded_text(given, slug):
    assert text.slugify(given) == slug


def test_the_vietnamese_alphabet_sorts_in_its_own_order():
    keys = [text.sort_key(letter) for letter in LETTERS]
    assert keys == sorted(set(keys))
    keys = [text.sort_key("a" + tone) for tone in TONES]
    assert keys == sorted(set(keys))


@pytest.mark.parametrize(
    "names",
    [
        ["An", "An Bình", "Anh", "Ân"],
        ["Dũng", "Dụng", "Đan"],
        ["Lam", "Làm", "Lãm", "Lám", "Lạm", "Lan", "Lăm", "Lâm"],
        ["Hoa Ánh", "Hoa Bình", "Hoàng"],
        ["Tô Lâm", "Tô Lân", "Trump, Donald", "Tưởng"],
        ["ạn", "an 1"],
    ],
)
def test_names_sort_by_letters_first_and_tone_marks_after(names):
    backwards = names[::-1]
    assert sorted(backwards, key=text.sort_key) == names


def test_the_same_name_sorts_alike_in_both_unicode_forms():
    assert text.sort_key(unicodedata.normalize("NFD", NFD)) == text.sort_key(
        unicodedata.normalize("NFC", NFD)
    )


@given(st.text())
def test_folding_twice_is_folding_once(given):
    assert text.fold(text.fold(given)) == text.fold(given)


@given(st.text())
def test_folding_does_not_depend_on_the_unicode_form(given):
    forms = {text.fold(unicodedata.normalize(form, given)) for form in ("NFC", "NFD")}
    assert len(forms) == 1


@given(st.text())
def test_an_address_is_ascii_and_stays_the_same(given):
    slug = text.slugify(given)
    assert slug.isascii() and slug == slug.lower() == text.slugify(slug)


@given(st.text(), st.booleans())
def test_storing_twice_is_storing_once(given, multiline):
    try:
        stored = text.normalize(given, multiline=multiline)
    except text.UnsafeText:
        return
    assert text.normalize(stored, multiline=multiline) == stored


@given(st.lists(st.text(alphabet=LETTERS + " ", min_size=1), min_size=2))
def test_a_sort_key_is_ascii_and_letters_decide_before_tones(names):
    keys = [text.sort_key(name) for name in names]
    assert all(key.isascii() for key in keys)
    letters = [key.split(" ")[0] for key in sorted(keys)]
    assert all(first <= second for first, second in pairwise(letters))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("Tô Lâm", ["to", "lam"]),
        ("Hãng Boeing: 90 máy bay 737-MAX", ["hang", "boeing", "90", "may", "bay", "737", "max"]),
        ("Đà Nẵng, ĐẮK_LẮK", ["da", "nang", "dak", "lak"]),
        (unicodedata.normalize("NFD", "Việt–Mỹ"), ["viet", "my"]),
        ("“…”", []),
    ],
)
def test_words_are_folded_and_parted_by_everything_else(given, words):
    assert text.words(given) == words
    assert text.search_line(given) == (f" {' '.join(words)} " if words else "")


@pytest.mark.parametrize(
    ("name", "sort_name", "turned"),
    [
        ("Tô Lâm", "", "Lâm Tô"),
        ("Nguyễn Phú Trọng", "Nguyễn Phú Trọng", "Trọng Nguyễn Phú"),
        ("Donald Trump", "Trump, Donald", "Donald Trump"),
        ("Miguel Díaz-Canel", "Díaz-Canel Bermúdez, Miguel", "Miguel Díaz-Canel Bermúdez"),
        ("Norodom", "Norodom,", "Norodom"),
        ("Pelé", "", "Pelé"),
        ("", "", ""),
    ],
)
def test_a_name_is_turned_round_to_the_one_people_are_called_by(name, sort_name, turned):
    assert text.given_name_first(name, sort_name) == turned
