"""Messages survive the wire in any cut, and a bad one is one sentence, never a crash."""

from __future__ import annotations

import dataclasses
import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.protocol.message import BadMessage, message
from explorer.protocol.messages import KINDS
from explorer.protocol.recording import FileMarked, Statement, StepChange, StepsRecorded
from explorer.protocol.running import Hello, ProgramEnded, ProgramError, RunProgram
from explorer.protocol.wire import HEAD_LIMIT, LENGTHS, Decoder, decode, encode, written

SAMPLES = [
    Hello("token", 1, 42, "3.11.7", "/usr/bin/python3"),
    RunProgram("程序 🔥.py", ("a b", ""), "cuda:0", None),
    RunProgram("x.py", seed=3),
    FileMarked(1, "x.py", (Statement(1, 1, 2, 3, "<module>", "x = 1"),)),
    StepsRecorded(
        0,
        1,
        bytes(range(12)),
        changes=(StepChange(0, (("x", 1), ("rows[2]", 0)), ((1, 1, 1, 0, 0, 0, 0),)),),
    ),
    ProgramEnded("raised", 1, 0.5, ProgramError("ValueError", "no", "", "Traceback", "x.py", 3)),
    ProgramEnded("finished", 0, 1.0),
]


@pytest.mark.parametrize("sent", SAMPLES, ids=lambda sent: type(sent).__name__)
def test_a_message_comes_back_as_it_was(sent: object) -> None:
    for number in (7, 0):
        head, tail = encode(sent, number)
        assert list(Decoder().feed(head + tail)) == [(sent, number)]
        assert encode(written(sent), number) == (head, tail)


@given(cuts=st.lists(st.integers(0, 400), max_size=12))
def test_messages_arrive_whole_however_the_bytes_are_cut(cuts: list[int]) -> None:
    stream = b"".join(b"".join(encode(sent, n)) for n, sent in enumerate(SAMPLES))
    places = sorted({0, len(stream), *(cut % len(stream) for cut in cuts)})
    decoder = Decoder()
    pieces = [stream[a:b] for a, b in itertools.pairwise(places)]
    arrived = [message for piece in pieces for message, _ in decoder.feed(piece)]
    assert arrived == SAMPLES


@pytest.mark.parametrize(
    ("head", "says"),
    [
        ({"kind": "Nonsense"}, "unknown kind"),
        ({}, "unknown kind"),
        ([], "no JSON object"),
        ({"kind": "Hello", "token": 3}, "Hello.token is a int, not a str"),
        ({"kind": "Hello", "token": "x"}, "incomplete"),
        ({"kind": "GiveInput", "text": None}, "GiveInput.text"),
        ({"kind": "RunProgram", "path": "x", "arguments": "ab"}, "not an array"),
        ({"kind": "RunProgram", "path": "x", "own_input": 1}, "not a bool"),
        ({"kind": "RunProgram", "path": "x", "budget": True}, "not a int"),
        ({"kind": "ContentsDropped", "contents": [1, "2"], "reason": ""}, "no whole number"),
        ({"kind": "FileMarked", "file": 1, "path": "x", "statements": [[1]]}, "incomplete"),
        ({"kind": "FileMarked", "file": 1, "path": "x", "statements": [[1] * 9]}, "too many"),
        ({"kind": "FileMarked", "file": 1, "path": "x", "statements": [3]}, "not an array"),
    ],
)
def test_a_bad_message_is_one_sentence(head: object, says: str) -> None:
    arrived, _ = decode(json.dumps(head).encode(), b"")
    assert isinstance(arrived, BadMessage)
    assert says in str(arrived)


def test_the_stream_goes_on_after_a_bad_message() -> None:
    text = b'{"kind": "Nonsense", "number": 3}'
    broken = LENGTHS.pack(len(text), 0) + text
    good = b"".join(encode(SAMPLES[0], 4))
    (bad, number), (then, _) = Decoder().feed(broken + good)
    assert isinstance(bad, BadMessage)
    assert number == 3
    assert then == SAMPLES[0]


def test_no_json_is_one_sentence() -> None:
    arrived, _ = decode(b"\xff{", b"")
    assert isinstance(arrived, BadMessage)


def test_a_stranger_on_the_socket_is_refused() -> None:
    with pytest.raises(BadMessage, match="protocol"):
        list(Decoder().feed(LENGTHS.pack(HEAD_LIMIT + 1, 0)))


def test_a_field_that_the_wire_uses_is_refused() -> None:
    class Clashing:
        kind: str

    with pytest.raises(TypeError, match="kind or number"):
        message(Clashing)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_message_is_frozen_and_told(kind: str) -> None:
    cls = KINDS[kind]
    assert cls.__doc__
    assert not cls.__doc__.startswith(f"{kind}(")
    assert cls.__dataclass_params__.frozen  # type: ignore[attr-defined]
    raw = [field.name for field in dataclasses.fields(cls) if field.type == "bytes"]
    assert raw in ([], ["tail"]), "only a field named tail travels raw"
