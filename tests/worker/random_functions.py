"""Programs made at random from a seed in which functions change what others hold: lists, dicts,
objects, shared and global names, bound to tensors and to numbers in turn.

    python -m tests.worker.random_functions SEED

prints one.
"""

from __future__ import annotations

import random
import sys

INDENT = "    "
HEAD = '''"""Made at random."""
import torch


class Thing:
    def __init__(self, value):
        self.h = value
        self.rows = [value]

    def put(self, value):
        self.h = value
        return 1

    def __len__(self):
        self.rows.append(self.h)
        return len(self.rows)

    @property
    def newest(self):
        return self.rows[-1] if self.rows else None


x, y, g = torch.ones(2), torch.zeros(1), 1
items, table, thing = [x], {}, Thing(y)
'''
VALUES = """
x; y; 3; None; 'text'; x + 1; torch.ones(1); [x]; [1, 2]; (x, 1); {'k': y}; thing.h; thing.newest;
len(items); list(items[:2]); items[0] if items else 0; table.get('k'); a; b; c; g; [a, b]; {'k': a}
"""
CHANGES = """
items.append({v}); items.insert(0, {v}); items[:] = items[:1]; items.extend([{v}]); items.clear();
items.reverse(); table['k'] = {v}; table[1] = {v}; table.pop('k', None); table.clear();
table.update(k={v}); thing.h = {v}; thing.rows.append({v}); thing.rows = [{v}]; thing.put({v});
setattr(thing, 'h', {v}); del thing.rows[1:]; x.add_(1); y.mul_(2); items[0:1] = [{v}];
thing.h, c = {v}, 1; len(thing); a, b = b, a; c = {v}; b = {v}; a = {v}; c = 1; b = 2; a = None;
items.append(undefined); c = [{v}] and undefined
"""


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split(";")]


class Program:
    """One program while it grows."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)
        self._lines = HEAD.splitlines()
        self._functions: list[str] = []
        self._generators: list[str] = []
        self._depth = 0
        self._values, self._changes = _split(VALUES), _split(CHANGES)

    def text(self, functions: int = 4, statements: int = 10) -> str:
        """The program's source."""
        self._line("a, b, c = x, 1, None")
        for number in range(functions):
            self._dice.choice([self._function, self._function, self._closure, self._generator])(
                number
            )
            self._body(2)
        for _ in range(statements):
            self._statement()
        return "\n".join(self._lines) + "\n"

    def _line(self, text: str) -> None:
        self._lines.append(INDENT * self._depth + text)

    def _value(self) -> str:
        return self._dice.choice(self._values)

    def _body(self, most: int) -> None:
        self._depth += 1 if self._lines[-1].endswith(":") else 0
        for _ in range(self._dice.randint(1, most)):
            self._statement()

    def _inside(self, header: str, most: int = 3) -> None:
        before = self._depth
        self._line(header)
        self._body(most)
        self._depth = before

    def _statement(self) -> None:
        kind = self._dice.random()
        if kind < 0.45 or self._depth > 3:
            self._guarded(self._dice.choice(self._changes).format(v=self._value()))
        elif kind < 0.75 and self._functions:
            self._call()
        elif kind < 0.85:
            self._loop()
        elif kind < 0.93:
            self._inside(f"if len(items) > {self._dice.randint(0, 3)}:")
            self._inside("else:")
        else:
            self._inside("try:")
            self._line("except Exception as error:")
            self._line(INDENT + "c = 4")

    def _guarded(self, statement: str) -> None:
        if "undefined" not in statement and self._dice.random() < 0.8:
            self._line(statement)
            return
        self._line("try:")
        self._line(INDENT + statement)
        self._line("except Exception:")
        self._line(INDENT + "pass")

    def _call(self) -> None:
        name = self._dice.choice(self._functions)
        call = f"{name}({self._value()})"
        shapes = [f"c = {call}", f"b = {call}", call, f"c = [{call} for _ in range(2)]"]
        shapes += [f"c = list(map({name}, (x, 1)))", f"thing.h = {call}", f"c = (lambda: {call})()"]
        self._line(self._dice.choice(shapes))

    def _loop(self) -> None:
        over = ["range(2)", "(x, 1, None)", "list(items[:2])", "[y, x]", "list(table.values())"]
        over += [f"{name}({self._value()})" for name in self._generators]
        before = self._depth
        self._line(f"for {self._dice.choice(['one', 'c', 'b'])} in {self._dice.choice(over)}:")
        self._depth += 1
        self._line("n = 0")  # the oracle takes a loop that ends for one that begins right behind
        self._body(3)
        self._depth = before

    def _begin(self, header: str) -> None:
        self._line(header)
        self._depth += 1
        if self._dice.random() < 0.3:
            self._line("global g")
            self._line(f"g = {self._plain()}")
        self._line(f"b, c = {self._plain()}, {self._plain()}")

    def _plain(self) -> str:
        return self._dice.choice(["x", "y + 1", "2", "None", "[y]", "a"])

    def _function(self, number: int) -> None:
        self._begin(f"def f{number}(a):")
        self._body(4)
        self._line(f"return {self._value()}")
        self._end(f"f{number}")

    def _closure(self, number: int) -> None:
        self._begin(f"def f{number}(a):")
        self._line("held, kept = a, [a]")
        self._line("def inner(value):")
        self._depth += 1
        self._line("nonlocal held")
        self._line(self._dice.choice(["held = value", "held = 3", "kept.append(value)"]))
        self._line(self._dice.choice(["held = (value, 1)", "kept.clear()", "held = kept"]))
        self._line("return 5")
        self._depth -= 1
        for _ in range(self._dice.randint(1, 3)):
            self._line(f"b = inner({self._value()})")
            self._statement()
        self._line("return held")
        self._end(f"f{number}")

    def _generator(self, number: int) -> None:
        self._begin(f"def n{number}(a):")
        for _ in range(self._dice.randint(1, 2)):
            self._body(2)
            self._line(f"yield {self._value()}")
        self._line(f"c = {self._value()}")
        self._depth = 0
        self._generators.append(f"n{number}")

    def _end(self, name: str) -> None:
        self._depth = 0
        self._functions.append(name)


def program(seed: int) -> str:
    """The source of the random program with this seed."""
    return Program(seed).text()


if __name__ == "__main__":
    print(program(int(sys.argv[1])), end="")
