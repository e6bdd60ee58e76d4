"""Share work among the processors: numpy and shapely let other threads run while they compute."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence


def each(work: Callable[[int], None], items: Sequence[int]) -> None:
    """Call `work` for each item, in threads if there is more than one of both.

    The first error, in the order of the items, is raised.
    """
    workers = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    if len(items) < 2 or workers == 1:
        for item in items:
            work(item)
        return
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(workers) as pool:
        for _ in pool.map(work, items):
            pass
