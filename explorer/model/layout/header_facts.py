"""What stands in a tensor's header, as short facts beside the picture of its storage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from explorer.model.card import Card, Content
from explorer.model.layout.contiguity import formats_of
from explorer.model.layout.reach import overlaps_itself
from explorer.model.layout.why import flags_words, reach_of
from explorer.model.strides import Layout
from explorer.model.tensor_words import shape_words


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and its value; `warns` marks what a programmer should look at twice."""

    label: str
    text: str
    warns: bool = False


def header_facts(
    card: Card,
    layout: Layout,
    content: Content | None,
    names: Sequence[str],
    base: str,
    last_write: str,
    all_names: bool = True,
) -> list[Fact]:
    """The facts of one tensor. `names` are all that lead to its storage, `base` the tensor it is
    a view of, `last_write` who wrote last and when; empty texts are left out.
    `all_names` is False when there are more names than those."""
    kind = card.kind
    held = content.nbytes if content is not None else 0
    found = [
        Fact("shape", shape_words(layout.shape)),
        Fact("stride", ", ".join(map(str, layout.stride)) or "none"),
        Fact("offset", str(layout.offset)),
        Fact("dtype", f"{kind.dtype}, {kind.itemsize} B each"),
        Fact("reaches", reach_of(layout, kind.itemsize, held).text),
        _contiguity(layout),
    ]
    if base:
        found.append(Fact("view of", base))
    found.append(Fact("version", str(card.version)))
    if names:
        found.append(Fact("names on it", str(len(names)) + ("" if all_names else " and more")))
    if last_write:
        found.append(Fact("written", last_write))
    if overlaps_itself(layout):
        found.append(Fact("overlaps", "itself", warns=True))
    found += [Fact("memory", words, warns=True) for words in flags_words(card)]
    if content is not None and not content.certain:
        found.append(Fact("numbers", "may have been changed by another process", warns=True))
    return found


def _contiguity(layout: Layout) -> Fact:
    formats = formats_of(layout)
    if not formats:
        return Fact("contiguous", "no")
    names = ["rows" if name == "contiguous_format" else name for name in formats]
    plain = names == ["rows"]
    return Fact("contiguous", "yes" if plain else "in " + " and ".join(names))
