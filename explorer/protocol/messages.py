"""Every request, answer and piece of news, by topic.

Importing this module registers them all with `explorer.protocol.message`. A request ``ReadTile``
is answered by a function ``read_tile`` of the worker; news ``StepsRecorded`` arrive at a method
``steps_recorded`` of the window.
"""

from __future__ import annotations

from explorer.protocol import recording, running

TOPICS = (recording, running)
