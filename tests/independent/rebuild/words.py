"""What forms are written with: keys, lists, and texts that are alike. Section 9, Forms."""

from functools import lru_cache

from rebuild.said import need


def known(value, keys, name):
    """Refuses keys that are not the page's."""
    need(isinstance(value, dict), f"{name} is no object")
    unknown = sorted(set(value) - set(keys))
    need(not unknown, f"{name} has the unknown {', '.join(unknown)}")


def listed(value):
    """A list, of one where it stands alone."""
    return value if isinstance(value, list) else [value]


def words(value):
    """All words under the keys of a form that have some."""
    yield from (value[key] for key in ("absent", "missing") if key in value)
    for key in ("estimated", "ignore", "only", "stated", "where"):
        yield from value.get(key, {}).values()


@lru_cache(100_000)
def plain(text):
    """Trimmed, runs of white space made one blank, in lower case, without a byte order mark before it."""
    return " ".join(text.removeprefix("\ufeff").split()).lower()


def like(text, word):
    """Whether a text is like a word; `*` at its end stands for anything."""
    if word.endswith("*"):
        return plain(text).startswith(plain(word)[:-1])
    return plain(text) == plain(word)


def among(text, words):
    """Whether a text is like one of the words."""
    return any(like(text, word) for word in listed(words))
