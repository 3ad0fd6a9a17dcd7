"""Texts of files and of forms that are alike: section 9, Forms."""


def plain(text):
    """Trimmed, runs of white space made one blank, in lower case, without a byte order mark."""
    return " ".join(text.replace("\ufeff", "").split()).lower()


def like(text, word):
    """Whether a text is like a word; `*` at its end stands for anything."""
    if word.endswith("*"):
        return plain(text).startswith(plain(word[:-1]))
    return plain(text) == plain(word)


def among(text, words):
    """Whether a text is like one of the words."""
    return any(like(text, word) for word in (words if isinstance(words, list) else [words]))
