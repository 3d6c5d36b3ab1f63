"""From a prepared environment to a verdict.

A stage runs one kind of check and returns a :class:`~.result.Result`; the plan says
which stages run and which of them side by side; the report adds them up.
"""
