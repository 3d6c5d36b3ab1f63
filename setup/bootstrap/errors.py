"""The one error that a person reads."""


class SetupError(Exception):
    """Something stops the set-up, and the reader can do something about it.

    :param what: what could not be done, in one sentence
    :param why: what was found, as precisely as it is known
    :param way_out: what to do next; a command where there is one
    """

    def __init__(self, what, why="", way_out=""):
        super().__init__(what)
        self.what = what
        self.why = why
        self.way_out = way_out

    def __str__(self):
        lines = [self.what]
        if self.why:
            lines.append(_indented("Why: ", self.why))
        if self.way_out:
            lines.append(_indented("Way out: ", self.way_out))
        return "\n".join(lines)


def _indented(label, text):
    """Return the text behind its label, following lines aligned under the first."""
    first, *rest = text.strip().splitlines()
    return "\n".join([f"  {label}{first}", *(f"    {line}" for line in rest)])
