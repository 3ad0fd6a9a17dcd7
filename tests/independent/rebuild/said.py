"""What held and what did not."""


class Differs(Exception):
    """Something that is not as the page says; the text names it."""


class Said:
    """Lines to print: one for each thing that held, one for each difference."""

    def __init__(self):
        self.held, self.differences = [], []

    def check(self, work):
        """Runs `work`, which returns a line or None, or raises; says whether it held."""
        try:
            line = work()
        except Differs as found:
            self.differences.append(str(found))
            return False
        except (KeyError, TypeError, ValueError, IndexError, AttributeError) as found:
            self.differences.append(f"something is not of the page's form: {found!r}")
            return False
        if line:
            self.held.append(line)
        return True


def need(condition, text):
    """Refuses with `text` where the condition does not hold."""
    if not condition:
        raise Differs(text)
