"""JSON of section 2: read strictly, written in two ways."""

import json

from rebuild.said import Differs, need


def _once(pairs):
    need(len({key for key, _ in pairs}) == len(pairs), "a key stands twice in an object")
    return dict(pairs)


def _none(text):
    raise Differs(f"{text} is no whole number")


def read(data, name):
    """The value that UTF-8 bytes hold."""
    try:
        return json.loads(data.decode("utf-8"), object_pairs_hook=_once, parse_float=_none, parse_constant=_none)
    except (ValueError, RecursionError) as error:
        raise Differs(f"{name}: is no JSON: {error}") from error
    except Differs as error:
        raise Differs(f"{name}: {error}") from error


def pretty(value):
    """Two spaces a level, one line end at the end."""
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()


def compact(value):
    """No space, no line end."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def shaped(value, keys, name, optional=()):
    """The object with its keys in the page's order; refused where one lacks, or another is there."""
    need(isinstance(value, dict), f"{name} is no object")
    lacking = [key for key in keys if key not in value and key not in optional]
    unknown = [key for key in value if key not in keys]
    need(not lacking, f"{name} lacks {', '.join(lacking)}")
    need(not unknown, f"{name} has the unknown {', '.join(map(repr, unknown))}")
    return {key: value[key] for key in keys if key in value}
