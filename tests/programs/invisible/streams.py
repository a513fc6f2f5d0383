"""Standard input, output and error: read, written, redirected, replaced, unbuffered, as bytes."""
import contextlib
import io
import os
import sys

import torch

print("a", "b", sep="-", end="!\n")
print("to stderr", file=sys.stderr)
sys.stdout.write("written\n")
sys.stdout.buffer.write("bytes ü 🙂\n".encode())
sys.stdout.flush()
captured = io.StringIO()
with contextlib.redirect_stdout(captured):
    print("hidden")
    print(torch.ones(2))
print(repr(captured.getvalue()))
print("long " * 1000)
print("no line end", end="")
print()
print("\ttab \x1b[31mred\x1b[0m \r carriage", flush=True)
old = sys.stdout
sys.stdout = io.StringIO()
print("into a string")
inside, sys.stdout = sys.stdout, old
print(inside.getvalue(), end="")
print(sys.stdout.isatty(), sys.stdin.isatty(), sys.stdout.fileno(), sys.stdout.name, sys.stdout.mode)
print(sys.stdout.writable(), sys.stdout.readable(), sys.stdout.line_buffering, sys.stdout.newlines)
sys.stdout.writelines(["one\n", "two\n"])
print(os.path.basename(os.getcwd()), os.path.basename(sys.path[0]))
print(sys.stdin.read(), end="")
print(torch.arange(3), file=sys.stderr)
