"""The objects behind the results pages: HTML, JSON and CSV are three ways to write the same one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from portal.language import said

from .charts import DotChart, dot_chart
from .figures import ReleaseView, Summary, Unit
from .gate import Published
from .trend import NONE, Trend
from .twins import Sheet
from .words import CATEGORIES, number, word

UNIT_STATISTICS = (
    "n",
    "population",
    "response_share",
    "score",
    "se",
    "low",
    "high",
    "grade",
    "grade_low",
    "grade_high",
    "rank_low",
    "rank_high",
)


class Page(Protocol):
    """What every page gives its twins; the first sheet is the CSV."""

    def about(self) -> dict[str, Any]: ...

    def sheets(self) -> dict[str, Sheet]: ...


@dataclass(frozen=True)
class IndexPage:
    """Every release, the newest first."""

    rows: tuple[tuple[Published, Summary], ...]

    def about(self) -> dict[str, Any]:
        return {}

    def sheets(self) -> dict[str, Sheet]:
        columns = (
            "release",
            "version",
            "title",
            "published_on",
            "population",
            "opens_on",
            "closes_on",
            "received",
            "n",
        )
        return {"releases": Sheet(columns, tuple(_index_row(*row) for row in self.rows))}


def _index_row(release: Published, summary: Summary) -> tuple[str, ...]:
    return (
        release.name,
        str(release.version),
        said(release.title),
        release.published_at.date().isoformat(),
        summary.population,
        summary.opens_on,
        summary.closes_on,
        str(summary.received),
        str(summary.counted),
    )


@dataclass(frozen=True)
class Group:
    """Units that may be compared: one peer group, or those that belong to none."""

    name: str | None
    units: tuple[Unit, ...]
    suppressed: tuple[Unit, ...]

    @property
    def is_whole(self) -> bool:
        """Whether it holds only what stands above everything else."""
        return self.name is None and all(unit.parent is None for unit in (*self.units, *self.suppressed))

    @property
    def is_ranked(self) -> bool:
        return self.name is not None and any(unit.value("rank_low") for unit in self.units)

    @property
    def has_shares(self) -> bool:
        return any(unit.value("response_share") for unit in self.units)

    @property
    def has_grades(self) -> bool:
        return any(unit.value("grade") for unit in self.units)

    @property
    def chart(self) -> DotChart | None:
        """The scores of a group with their intervals; a unit alone needs no drawing."""
        scored = [unit for unit in self.units if unit.is_scored]
        if len(scored) < 2:
            return None
        values = ((unit.value("score"), unit.value("low"), unit.value("high")) for unit in scored)
        return dot_chart([(said(unit.title), *row) for unit, row in zip(scored, values, strict=True)])


@dataclass(frozen=True)
class ReleasePage:
    """One version of a release, with every version that the public may see; `trend` is that of its whole."""

    release: Published
    versions: Sequence[Published]
    view: ReleaseView
    trend: Trend = NONE

    @property
    def address(self) -> dict[str, Any]:
        """What names this version in every address below it."""
        return {"release": self.release.name} | ({} if self.release.is_latest else {"v": self.release.version})

    @property
    def folder_name(self) -> str:
        """What the downloaded folder is called, and the archive that holds it."""
        return f"{self.release.name}-v{self.release.version}"

    @property
    def groups(self) -> list[Group]:
        """Peer groups in the order of the plan; units that are in none come first."""
        listed = [unit for unit in self.view.units.values() if unit.is_listed]
        names = dict.fromkeys(unit.peer_group for unit in listed)
        return [_group(name, listed) for name in sorted(names, key=lambda name: name is not None)]

    def about(self) -> dict[str, Any]:
        view, plan = self.view, self.view.plan
        return {
            "release": self.release.name,
            "version": self.release.version,
            "latest_version": self.versions[0].version,
            "title": dict(self.release.title),
            "published_on": self.release.published_at.date().isoformat(),
            "manifest_sha256": self.release.manifest_id,
            **{name: plan[name] for name in ("wave", "population", "participation", "opens_on", "closes_on")},
            "minimum_n": plan["minimum_n"],
            "n": view.n,
            "population_n": view.population,
            "response_share": view.response_share or None,
            "confidence": view.recipe.confidence,
        }

    def sheets(self) -> dict[str, Sheet]:
        view = self.view
        columns = ("unit", "title", "kind", "parent", "peer_group", *UNIT_STATISTICS, "status")
        units = tuple(_unit_row(unit) for group in self.groups for unit in (*group.units, *group.suppressed))
        return {
            "units": Sheet(columns, units),
            "ledger": Sheet(("category", "n"), tuple((name, str(n)) for name, n in view.ledger)),
            "exclusions": Sheet(("reason", "n"), tuple((name, str(n)) for name, n in view.exclusions)),
            "figures": Sheet(("statistic", "value", "status"), tuple(_wave_rows(view))),
            "versions": Sheet(("version", "published_on", "reason"), tuple(map(_version_row, self.versions))),
            "trend": self.trend.sheet(),
        }


def _group(name: str | None, listed: Sequence[Unit]) -> Group:
    own = [unit for unit in listed if unit.peer_group == name]
    shown = [unit for unit in own if not unit.is_suppressed]
    if any(unit.value("rank_low") for unit in shown):
        shown.sort(key=lambda unit: (int(unit.value("rank_low") or 9999), int(unit.value("rank_high") or 9999)))
    return Group(name, tuple(shown), tuple(unit for unit in own if unit.is_suppressed))


def _unit_row(unit: Unit) -> tuple[str, ...]:
    figures = tuple(unit.value(statistic) for statistic in UNIT_STATISTICS)
    statuses = {figure.status for figure in unit.figures if not figure.subject and figure.statistic in UNIT_STATISTICS}
    place = (unit.id, said(unit.title), unit.kind, unit.parent or "", unit.peer_group or "")
    return (*place, *figures, "+".join(sorted(statuses)))


def _wave_rows(view: ReleaseView) -> list[tuple[str, ...]]:
    return [(figure.statistic, figure.value, figure.status) for figure in view.wave]


def _version_row(release: Published) -> tuple[str, ...]:
    return str(release.version), release.published_at.date().isoformat(), release.reason


@dataclass(frozen=True)
class DataPage:
    """The files of a release, as its manifest names them."""

    page: ReleasePage

    def about(self) -> dict[str, Any]:
        folder = self.page.view.folder
        return {**self.page.about(), "manifest": folder.manifest, "signature": folder.signature}

    def sheets(self) -> dict[str, Sheet]:
        files = self.page.view.folder.entries.values()
        rows = tuple((entry.path, str(entry.size), entry.sha256) for entry in files)
        return {"files": Sheet(("path", "bytes", "sha256"), rows)}


def cell_text(view: ReleaseView, cell: str) -> str:
    """A weighting cell in words, where its categories have any."""
    names = [dimension["name"] for dimension in view.plan["weighting"]["dimensions"]]
    parts = cell.split("|")
    if len(parts) != len(names):
        return cell
    texts = (view.cell_labels.get(key) for key in zip(names, parts, strict=True))
    return " · ".join(said(text) if text else word(CATEGORIES, part) for text, part in zip(texts, parts, strict=True))


def rank_text(unit: Unit) -> str:
    """A rank, or the range of ranks that the data allow."""
    if not unit.value("rank_low"):
        return ""
    low, high = number(unit.value("rank_low")), number(unit.value("rank_high"))
    return low if low == high else f"{low}–{high}"
