"""What a program can ask about itself: source, names, frames, signatures, documentation."""
import ast
import inspect
import linecache
import sys

import torch


def documented(x, y: int = 2, *, z="z") -> torch.Tensor:
    """The docstring."""
    local = x + y
    return local


class Thing:
    """A class."""

    attribute = torch.zeros(1)

    def method(self):
        return sorted(vars())


def callers():
    frame = sys._getframe()
    names = []
    while frame is not None:
        names.append((frame.f_code.co_name, frame.f_lineno))
        frame = frame.f_back
        if names[-1][0] == "<module>":
            break
    return names


def outer():
    here = callers()
    return here


print(__name__, __doc__, __spec__, __package__, type(__loader__).__name__, type(__builtins__))
print(sorted(name for name in globals()))
print(sorted(dir()))
print(inspect.getsource(documented))
print(inspect.getsource(Thing.method))
print(inspect.signature(documented), documented.__doc__, Thing.__doc__, documented.__annotations__)
print(inspect.getsourcelines(outer)[1], inspect.getfile(documented) == __file__)
print(outer())
print(Thing().method(), Thing.__qualname__, Thing.method.__qualname__, Thing.__module__)
code = documented.__code__
print(code.co_name, code.co_firstlineno, code.co_varnames, code.co_argcount, code.co_freevars)
print(code.co_filename == __file__, documented.__defaults__, documented.__kwdefaults__)
print(sorted(locals()) == sorted(globals()), linecache.getline(__file__, 1).strip())
print(len(ast.parse(open(__file__).read()).body), sys.argv[1:], sys.argv[0] == __file__)
print([cell.cell_contents for cell in (lambda v: lambda: v)(3).__closure__])
print(sys.modules["__main__"].documented is documented, sys.getrecursionlimit())
print(sys.flags.interactive, sys.gettrace(), sys.getprofile(), sys.stdin is sys.__stdin__)
print(sys.stdout is sys.__stdout__, sys.stdout.encoding, sys.stdout.errors, sys.stderr.errors)
