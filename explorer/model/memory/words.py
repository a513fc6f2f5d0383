"""What a recording takes, in words."""

from __future__ import annotations

from explorer.model.tensor_words import size_words
from explorer.protocol.recording import MemoryHeld


def memory_sentence(held: MemoryHeld, dropped: int) -> str:
    """``The recording holds 1.2 GB of 4.0 GB in memory and 3.4 GB on disk.`` and what was lost."""
    told = f"The recording holds {size_words(held.held)} of {size_words(held.budget)} in memory"
    if held.spilled:
        told += f" and {size_words(held.spilled)} of {size_words(held.limit)} on disk"
    told += "."
    if dropped:
        many = dropped != 1
        told += f" {dropped:,} older value{'s have' if many else ' has'} been dropped."
    return told


def memory_note(held: MemoryHeld, dropped: int) -> str:
    """The same in little room: ``1.2 GB · disk 3.4 GB``, with ``…`` when values were dropped."""
    told = size_words(held.held)
    if held.spilled:
        told += f" · disk {size_words(held.spilled)}"
    return f"{told} …" if dropped else told
