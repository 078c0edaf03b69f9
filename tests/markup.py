"""Reads a page as a browser's outline would: what is wrong with it, and where it leads."""

from html.parser import HTMLParser

VOID = {"meta", "link", "img", "input", "br", "hr"}
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
REFERENCES = ("for", "aria-labelledby", "aria-describedby")


class Page(HTMLParser):
    """One parsed page: `links` are its addresses, `problems` the sentences about its faults."""

    def __init__(self, html):
        super().__init__()
        self.links, self.headings, self.ids, self.wanted = [], [], [], []
        self.language, self.landmarks, self.first_link = "", [], ""
        self.problems, self.open = [], []
        self.feed(html)
        self.close()
        self._judge()

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        if tag not in VOID:
            self.open.append(tag)
        self._refuse_inline(tag, values)
        if tag == "html":
            self.language = values.get("lang", "")
        if tag in HEADINGS:
            self.headings.append(int(tag[1]))
        if tag in ("main", "header", "footer"):
            self.landmarks.append(tag)
        if "id" in values:
            self.ids.append(values["id"])
        if tag == "a":
            self.links.append(values.get("href", ""))
            self.first_link = self.first_link or values.get("href", "")
        for name in REFERENCES:
            self.wanted += values.get(name, "").split()

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.problems.append(f"</{tag}> closes nothing")

    def _refuse_inline(self, tag, values):
        """The policy of the site lets nothing written into a page draw or run: data may stand."""
        is_data = tag == "script" and values.get("type") == "application/ld+json"
        if (tag in ("script", "style") and not is_data) or "style" in values:
            self.problems.append(f"<{tag}> holds a style or a script")
        if any(name.startswith("on") for name in values):
            self.problems.append(f"<{tag}> holds a script")
        if tag == "img" and "alt" not in values:
            self.problems.append("<img> has no alt")

    def _judge(self):
        if self.headings.count(1) != 1:
            self.problems.append(f"{self.headings.count(1)} h1")
        for above, below in zip([0, *self.headings], self.headings, strict=False):
            if below > above + 1:
                self.problems.append(f"h{below} follows h{above}")
        if self.first_link != "#main" or "main" not in self.ids:
            self.problems.append("no link skips to the content")
        if self.landmarks.count("main") != 1:
            self.problems.append(f"{self.landmarks.count('main')} main")
        if twice := {name for name in self.ids if self.ids.count(name) > 1}:
            self.problems.append(f"the id {', '.join(sorted(twice))} stands twice")
        if missing := set(self.wanted) - set(self.ids):
            self.problems.append(f"nothing has the id {', '.join(sorted(missing))}")
        if self.open:
            self.problems.append(f"<{self.open[-1]}> is not closed")
