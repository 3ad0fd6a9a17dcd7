"""A question and its answers, as they were kept: section 9, Answers of feeds."""

import hashlib
import json
from dataclasses import dataclass

from rebuild import instants
from rebuild.feeds import KINDS
from rebuild.said import Differs, need

BEGINS = '{"received":"hourmatch/exchange/1"'


@dataclass(frozen=True)
class Question:
    """What was asked for."""

    area: str
    zone: str
    series: frozenset
    settings: dict


@dataclass(frozen=True)
class Line:
    """A request and what came back, but for the body."""

    path: str
    query: list
    covers: tuple
    status: int
    fetched: int
    published: int | None


def kept(text):
    """Number to facts: values count on through all answers, those of forecasts and those that are none among them."""
    rows, number = {}, 0
    try:
        head, *lines = [json.loads(line) for line in filter(str.strip, text.split("\n"))]
        need(head["kind"] in KINDS, f"is of a feed that is not read here: {head['kind']}")
        question = Question(head["area"], head["zone"], frozenset(head["series"]), head["settings"])
        for line in lines:
            body = line["body"]
            need(hashlib.sha256(body.encode()).hexdigest() == line["sha256"], "a body is not that of its hash")
            for fact in KINDS[head["kind"]](question, _line(line), body):
                number += 1
                rows[number] = [fact] if fact and fact[0] in question.series else []
    except (ValueError, KeyError, TypeError, AttributeError, StopIteration, RuntimeError) as error:
        raise Differs(f"is no question with its answers: {error!r}") from error
    return rows


def _line(line):
    stated = line.get("published")
    return Line(path=line["path"], query=[tuple(pair) for pair in line["query"]], status=line["status"],
                covers=(instants.read(line["from"]), instants.read(line["to"])), fetched=instants.read(line["fetched"]),
                published=None if stated is None else instants.read(stated))
