"""Which method takes which news: the one that bears its name."""

from __future__ import annotations

import re


def hand_to(news: object, *takers: object) -> bool:
    """Call the method of the first taker that bears the name of the news; False when none does.

    ``StepsRecorded`` -> ``steps_recorded``.
    """
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", type(news).__name__).lower()
    for taker in takers:
        handler = getattr(taker, name, None)
        if handler is not None:
            handler(news)
            return True
    return False
