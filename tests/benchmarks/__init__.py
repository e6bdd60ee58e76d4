"""Benchmarks: ours and its peers in alternation, in one run (``python -m tests.benchmarks``).

To add a subject, write ``tests/benchmarks/<subject>.py`` with a function
``cases() -> Iterable[harness.Case]`` and name it in ``harness.SUBJECTS``.
"""
