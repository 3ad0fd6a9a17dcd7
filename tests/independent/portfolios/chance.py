"""Seeded choices, and the features a portfolio came to have."""

import random
from datetime import datetime, timezone


def text_of(instant):
    """`2026-01-01T00:00:00Z`."""
    return datetime.fromtimestamp(instant, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


class Chance(random.Random):
    """Choices of one portfolio. A feature is drawn by `has`, unless it was left out by the caller."""

    def __init__(self, seed, without=()):
        super().__init__(seed)
        self.without = frozenset(without)
        self.features = set()

    def has(self, feature, probability):
        """Whether the portfolio has a feature here; a draw is made either way: leaving one out changes little."""
        drawn = self.random() < probability
        if feature in self.without or not drawn:
            return False
        self.features.add(feature)
        return True

    def mark(self, feature):
        """Notes a feature that came about."""
        self.features.add(feature)

    def chance(self, probability):
        """A choice that is no feature."""
        return self.random() < probability

    def weighted(self, **weights):
        """One of the names, by weight."""
        return self.choices(list(weights), list(weights.values()))[0]

    def wh(self, most):
        """Energy: often small, often zero, sometimes huge."""
        kind = self.random()
        if kind < 0.15:
            return 0
        if kind < 0.5:
            return self.randint(1, max(1, most // 20))
        return self.randint(1, most)

    def fraction(self, most=1):
        """A share above 0 as (numerator, denominator), at most `most`."""
        below = self.choice((2, 3, 3, 4, 5, 6, 7, 9, 10, 11, 97))
        return self.randint(1, max(1, int(below * most))), below
