"""What the editor does to text, as pure functions: colours, line edits, searching, line maps."""

from __future__ import annotations

import io
import keyword
import tokenize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.ui.documents.line_map import LineMap
from explorer.ui.widgets.editor.editing import indented, outdented, toggled_comment
from explorer.ui.widgets.editor.python_colours import NOTHING_OPEN, Ink, colour_line
from explorer.ui.widgets.editor.searching import (
    BadPattern,
    Query,
    matches,
    next_match,
    previous_match,
    replaced,
    replaced_once,
)

PROGRAM = '''\
import torch as t  # names
@t.no_grad()
def step(x: t.Tensor, *, rate=1e-3) -> "t.Tensor":
    """Doc 'string'
    over lines # no comment
    """
    text = f"{x!r} \\" {1_000}" + rb'\\x00' + u'é'
    match = x.grad
    match x.dim():
        case 0x1F | 0b1:
            return x - rate * 3.5j + .5
    return None if x is True else print(match)
'''


def inks(program: str) -> list[tuple[str, Ink]]:
    """Every stretch of a program with its ink."""
    state, found = NOTHING_OPEN, []
    for line in program.split("\n"):
        spans, state = colour_line(line, state)
        place = 0
        for length, ink in spans:
            found.append((line[place : place + length], ink))
            place += length
        assert place == len(line)
    return found


def test_colours_agree_with_pythons_own_tokenizer() -> None:
    coloured = {text: ink for text, ink in inks(PROGRAM) if ink is not Ink.TEXT}
    for token in tokenize.generate_tokens(io.StringIO(PROGRAM).readline):
        if token.type == tokenize.NUMBER:
            assert coloured[token.string] is Ink.NUMBER
        elif token.type == tokenize.COMMENT:
            assert coloured[token.string] is Ink.COMMENT
        elif token.type == tokenize.NAME and keyword.iskeyword(token.string):
            assert coloured[token.string] is Ink.KEYWORD


@pytest.mark.parametrize(
    ("text", "ink"),
    [
        ("@t.no_grad", Ink.DEFINITION),
        ("step", Ink.DEFINITION),
        ('"t.Tensor"', Ink.STRING),
        ("    over lines # no comment", Ink.STRING),
        ("rb'\\x00'", Ink.STRING),
        ("print", Ink.KEYWORD),
        ("case", Ink.KEYWORD),
        ("1e-3", Ink.NUMBER),
    ],
)
def test_colour_of(text: str, ink: Ink) -> None:
    assert (text, ink) in inks(PROGRAM)


def test_match_is_a_keyword_only_where_it_begins_a_match() -> None:
    found = [ink for text, ink in inks(PROGRAM) if text == "match"]
    assert found == [Ink.TEXT, Ink.KEYWORD, Ink.TEXT]


def test_a_half_typed_string_ends_with_its_line() -> None:
    assert inks("x = 'abc\ny = 1")[-1] == ("1", Ink.NUMBER)
    assert inks('x = """abc\ny = 1')[-1] == ("y = 1", Ink.STRING)


@given(st.text(), st.sampled_from([0, 1, 2]))
def test_colouring_never_fails_and_covers_the_line(text: str, state: int) -> None:
    line = text.replace("\n", " ").replace("\r", " ")
    spans, after = colour_line(line, state)
    assert sum(length for length, _ in spans) == len(line)
    assert after in (0, 1, 2)


@given(st.lists(st.text(alphabet="a #\t", max_size=8), min_size=1, max_size=6))
def test_comment_twice_gives_the_lines_back(lines: list[str]) -> None:
    once = toggled_comment(lines)
    if once != lines and not all(line.lstrip().startswith("#") for line in lines if line.strip()):
        assert toggled_comment(once) == lines
        assert all(not line.strip() or line.lstrip().startswith("#") for line in once)


@given(st.lists(st.text(alphabet="a ", max_size=8), max_size=6))
def test_outdenting_takes_indenting_back(lines: list[str]) -> None:
    filled = [line for line in lines if line.strip()]
    assert outdented(indented(filled)) == filled


def test_searching_in_both_directions_and_round_the_ends() -> None:
    text = "ab AB ab"
    assert matches(text, Query("ab"), 9) == [(0, 2), (3, 5), (6, 8)]
    assert matches(text, Query("ab", match_case=True), 9) == [(0, 2), (6, 8)]
    assert matches(text, Query("ab"), 2) == [(0, 2), (3, 5)]
    assert next_match(text, Query("ab"), 7) == (0, 2)
    assert previous_match(text, Query("ab"), 2) == (0, 2)
    assert previous_match(text, Query("ab"), 1) == (6, 8)
    assert next_match(text, Query("zz"), 0) is None
    assert next_match(text, Query(""), 0) is None


def test_whole_words_and_regular_expressions() -> None:
    text = "x xx x1 x"
    assert matches(text, Query("x", whole_word=True), 9) == [(0, 1), (8, 9)]
    assert matches(text, Query(r"x\d", regular=True), 9) == [(5, 7)]
    assert matches(text, Query("x*", regular=True), 9) == [(0, 1), (2, 4), (5, 6), (8, 9)]
    assert matches("a.b", Query("."), 9) == [(1, 2)]
    with pytest.raises(BadPattern, match="no regular expression"):
        matches(text, Query("(", regular=True), 9)


def test_replacing() -> None:
    assert replaced("a b a", Query("a"), r"\1") == (r"\1 b \1", 2)
    assert replaced("a1 a2", Query(r"a(\d)", regular=True), r"b\1") == ("b1 b2", 2)
    assert replaced_once("a1 a2", Query(r"a(\d)", regular=True), r"<\1>", (3, 5)) == "<2>"
    assert replaced_once("a1 a2", Query("a"), "b", (1, 2)) is None
    with pytest.raises(BadPattern, match="replacement"):
        replaced("a", Query("a", regular=True), r"\7")


def test_line_map_around_a_change() -> None:
    ran = ["a", "b", "c", "d"]
    now = ["a", "b", "new", "x", "c2", "d"]
    known = LineMap(ran, now)
    assert [known.to_now(line) for line in (1, 2, 3, 4)] == [1, 2, None, 6]
    assert [known.to_ran(line) for line in range(1, 7)] == [1, 2, None, None, None, 4]
    assert known.changed
    assert not LineMap(ran, list(ran)).changed


@given(st.lists(st.sampled_from("abc"), max_size=6), st.lists(st.sampled_from("abc"), max_size=6))
def test_line_map_joins_equal_lines_both_ways(ran: list[str], now: list[str]) -> None:
    known = LineMap(ran, now)
    for line in range(1, len(ran) + 1):
        other = known.to_now(line)
        if other is not None:
            assert ran[line - 1] == now[other - 1]
            assert known.to_ran(other) == line
