"""What the rules need to know of a results page, read from its HTML alone."""

from __future__ import annotations

from html.parser import HTMLParser
from itertools import pairwise

VOID = frozenset({"meta", "br", "hr", "img", "link", "line", "circle", "rect", "input"})


class StrictPage(HTMLParser):
    """A parsed page; `faults` names every rule it breaks."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.root: dict[str, str] = {}
        self.title = ""
        self.headings: list[tuple[int, str]] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tables: list[list[list[str]]] = []
        self.captions: list[str] = []
        self.charts: list[dict[str, str]] = []
        self.broken: list[str] = []
        self.text = ""
        self._path: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.broken += [f"{tag} {name}" for name in given if name == "style" or name.startswith("on")]
        self.ids += [given["id"]] if "id" in given else []
        if tag == "html":
            self.root = given
        elif tag in ("h1", "h2", "h3", "h4"):
            self.headings.append((int(tag[1]), ""))
        elif tag == "a":
            self.links.append(given.get("href", ""))
        elif tag == "svg" and "aria-hidden" not in given:
            self.charts.append(given)
        elif tag == "th" and given.get("scope") not in ("col", "row"):
            self.broken.append("th without scope")
        self._open_table_part(tag)
        if tag not in VOID:
            self._path.append(tag)

    def _open_table_part(self, tag: str) -> None:
        if tag == "table":
            self.tables.append([])
            self.captions.append("")
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self._path or self._path[-1] != tag:
            self.broken.append(f"</{tag}> closes {self._path[-1:]}")
        while self._path and self._path.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._path[-1:] == ["style"]:
            return
        if "title" in self._path and "svg" not in self._path:
            self.title += data
        if any(tag in self._path for tag in ("h1", "h2", "h3", "h4")):
            level, text = self.headings[-1]
            self.headings[-1] = (level, text + data)
        if "caption" in self._path:
            self.captions[-1] += data
        elif "td" in self._path or "th" in self._path:
            self.tables[-1][-1][-1] += data + " "
        self.text += data + " "

    def faults(self, language: str) -> list[str]:
        first = [text.strip() for level, text in self.headings if level == 1]
        levels = [level for level, _ in self.headings]
        needed = {one for chart in self.charts for one in chart.get("aria-labelledby", "").split()}
        rules = {
            f"{len(first)} h1": len(first) == 1,
            f"title {self.title!r} starts with {first}": bool(first) and self.title.startswith(first[0]),
            "lang and dir": self.root.get("lang") == language and self.root.get("dir") == "ltr",
            f"ids are unique: {self.ids}": len(set(self.ids)) == len(self.ids),
            "tables have captions": all(caption.strip() for caption in self.captions),
            f"headings follow: {levels}": all(b - a <= 1 for a, b in pairwise(levels)),
            "charts are named": all(chart.get("role") == "img" and "aria-labelledby" in chart for chart in self.charts),
            f"charts have titles: {needed}": needed <= set(self.ids),
            f"nothing forbidden or unbalanced: {self.broken}": not self.broken and not self._path,
        }
        return [rule for rule, holds in rules.items() if not holds]
