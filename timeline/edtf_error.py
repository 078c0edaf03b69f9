"""What is wrong with a text that is no date, in English and in Vietnamese; imports no Django."""

LANGUAGES = ("en", "vi")
EXAMPLES = (
    "2024-09-22, 2024-09, 2024, 2013-07~ (about), 2026-02-18/2026-02-20 (from-to), "
    "[2026-02-19..2026-02-20] (one of these days)"
)
EXAMPLES_VI = (
    "2024-09-22, 2024-09, 2024, 2013-07~ (khoảng), 2026-02-18/2026-02-20 (từ-đến), "
    "[2026-02-19..2026-02-20] (một trong các ngày này)"
)
_PROBLEMS = {  # in the order of LANGUAGES
    "no text": (
        "{shown} is not text but {type}: format the cell as text, and write for example "
        f"{EXAMPLES}.",
        "{shown} không phải văn bản mà là {type}: hãy định dạng ô thành văn bản và viết, ví dụ: "
        f"{EXAMPLES_VI}.",
    ),
    "too long": (
        f"{{shown}} is longer than {{length}} characters. Write for example {EXAMPLES}.",
        f"{{shown}} dài quá {{length}} ký tự. Hãy viết, ví dụ: {EXAMPLES_VI}.",
    ),
    "no date": (
        "{shown} is not a date: {reason}. Write {advice}.",
        "{shown} không phải ngày tháng: {reason}. Hãy viết {advice}.",
    ),
    "several": (
        "sets of several dates {{}} are not used, only one of a set []",
        "tập hợp nhiều ngày {{}} không được dùng, chỉ dùng một ngày trong tập hợp []",
    ),
    "missing": ("a date is missing", "thiếu ngày tháng"),
    "form": (
        "a date has the form YYYY, YYYY-MM or YYYY-MM-DD",
        "ngày tháng có dạng YYYY, YYYY-MM hoặc YYYY-MM-DD",
    ),
    "year": ("the years run from 0001 to 9999", "năm nằm trong khoảng từ 0001 đến 9999"),
    "season": ("seasons are not used", "mùa trong năm không được dùng"),
    "month": ("there is no month {month:02}", "không có tháng {month:02}"),
    "day": ("{name} {year} has no day {day:02}", "tháng {month} năm {year} không có ngày {day:02}"),
    "ends": (
        "an interval needs a date at one end at least",
        "một khoảng thời gian cần ngày tháng ở ít nhất một đầu",
    ),
    "reversed": ("it ends before it begins", "kết thúc trước khi bắt đầu"),
    "bracket": ("the bracket [ is not closed with ]", "dấu ngoặc [ chưa được đóng bằng ]"),
    "qualified": (
        "the dates of a set carry no ?, ~ or %",
        "các ngày trong một tập hợp không mang dấu ?, ~ hay %",
    ),
    "one": ("a set needs two dates at least", "một tập hợp cần ít nhất hai ngày"),
    "precision": (
        "the dates of a set are all days, all months or all years",
        "các phần tử của một tập hợp phải cùng là ngày, cùng là tháng hoặc cùng là năm",
    ),
    "order": (
        "the dates of a set stand in order, each once",
        "các ngày trong một tập hợp đứng theo thứ tự, mỗi ngày một lần",
    ),
}


class EdtfError(ValueError):
    """A text that is no date of our subset: it names the text, what is wrong and what to write.

    The message is English; `sentence` has it in either language. A value that can be called is
    asked for its words in that language.
    """

    def __init__(self, problem: str, **values: object):
        self.problem = problem
        self.values = values
        super().__init__(self.sentence("en"))

    def sentence(self, language: str) -> str:
        """The message in `language`, one of LANGUAGES."""
        told = {
            name: value(language) if callable(value) else value
            for name, value in self.values.items()
        }
        return _PROBLEMS[self.problem][LANGUAGES.index(language)].format(**told)
