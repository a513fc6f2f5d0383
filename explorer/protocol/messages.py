"""Every request, answer and piece of news, by topic.

A new topic is imported here; that registers its messages. A request ``ReadTile``
is answered by a function ``read_tile`` of the worker; news ``StepsRecorded`` arrive at a method
``steps_recorded`` of the window.
"""

from __future__ import annotations

from explorer.protocol import (
    autograd,
    console,
    curves,
    derivatives_again,
    digests,
    gradient_check,
    layout,
    modules_again,
    numbers,
    optimizers,
    recording,
    running,
    saved,
    types,
    values,
)
from explorer.protocol.message import MESSAGES

TOPICS = (
    autograd,
    console,
    curves,
    derivatives_again,
    digests,
    gradient_check,
    layout,
    modules_again,
    numbers,
    optimizers,
    recording,
    running,
    saved,
    types,
    values,
)

KINDS = MESSAGES
"""Name of a message -> its class, for all topics."""
