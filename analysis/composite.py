"""Composites: every node of a scheme as an exact linear function of item means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from analysis.errors import SchemeError
from analysis.scheme import Cut, Node, Operator


@dataclass(frozen=True)
class Linear:
    """score = constant + sum over items of coefficient x item mean.

    Attributes
    ----------
    constant : Fraction
        The part that comes from entered figures; it carries no sampling error.
    coefficients : Mapping of item name to Fraction
    """

    constant: Fraction
    coefficients: Mapping[str, Fraction]

    def value(self, means: Mapping[str, Fraction]) -> Fraction | None:
        """The score for these item means, or None when a mean it needs is absent."""
        if any(item not in means for item in self.coefficients):
            return None
        return self.constant + sum((a * means[item] for item, a in self.coefficients.items()), Fraction(0))


def linear(node: Node, *, entries: Mapping[str, Fraction]) -> Linear:
    """Coefficients a_j of a node's score in the item means.

    Parameters
    ----------
    node : Node
    entries : Mapping of str to Fraction
        Entered figures of the unit, 0..100.

    Raises
    ------
    SchemeError
        When the tree needs a figure that was not entered.

    Notes
    -----
    Both operators give sum(share_b x score_b) / sum(share_b), because a `sum_of_maxima` node reports its points
    out of the sum of its maxima; when the maxima sum to 100 that is the plain sum of points.
    """
    if node.item is not None:
        return Linear(Fraction(0), {node.item: Fraction(1)})
    if node.entry is not None:
        if node.entry not in entries:
            raise SchemeError(
                f"node {node.id} needs an entered figure",
                got=", ".join(entries) or "no entries",
                expected=node.entry,
                hint="enter the figure for this unit",
            )
        return Linear(entries[node.entry], {})
    total = sum(branch.share or 0 for branch in node.branches)
    constant = Fraction(0)
    coefficients: dict[str, Fraction] = {}
    for branch in node.branches:
        part = linear(branch, entries=entries)
        share = Fraction(branch.share or 0, total)
        constant += share * part.constant
        for item, a in part.coefficients.items():
            coefficients[item] = coefficients.get(item, Fraction(0)) + share * a
    return Linear(constant, coefficients)


@dataclass(frozen=True)
class NodeScore:
    """Exact score of a node on 0..100, and its points when the parent sums maxima."""

    id: str
    score: Fraction
    points: Fraction | None


def node_scores(tree: Node, *, means: Mapping[str, Fraction], entries: Mapping[str, Fraction]) -> tuple[NodeScore, ...]:
    """Scores of every node, parents first; nodes that need an absent mean or entered figure are left out.

    Notes
    -----
    points = max x score / 100.
    """
    scores: list[NodeScore] = []
    sums = {id(branch) for node in tree.walk() if node.operator is Operator.SUM_OF_MAXIMA for branch in node.branches}
    for node in tree.walk():
        if any(name not in entries for name in node.entries()):
            continue
        score = linear(node, entries=entries).value(means)
        if score is not None:
            points = score * (node.share or 0) / 100 if id(node) in sums else None
            scores.append(NodeScore(node.id, score, points))
    return tuple(scores)


def grade(rounded_score: str | Decimal, *, cuts: Sequence[Cut]) -> str:
    """The grade of an already rounded score; each grade is half-open, [from, next).

    Raises
    ------
    SchemeError
        When there are no cuts.
    """
    score = Decimal(rounded_score)
    for cut in cuts:
        if cut.start is None or score >= cut.start:
            return cut.name
    raise SchemeError("the scheme has no grades", expected="a grade step")
