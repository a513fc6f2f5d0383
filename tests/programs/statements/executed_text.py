"""exec and eval: one step each, whatever runs inside; the names it makes are seen after it."""
import torch

x = torch.ones(2)
exec("y = x * 2\ny += 1\nfor i in range(3):\n    x.add_(i)")
z = eval("x + y")
space = {"torch": torch, "t": x}
exec("u = t * 5\nt.zero_()\ndef f(v):\n    v = v + 1\n    return v", space)
u = space["u"]
w = space["f"](u)
code = compile("made = torch.arange(3)", "<text>", "exec")
exec(code)


def inside():
    a = torch.ones(1)
    exec("a += 41")
    b = eval("a + 1")
    return b


c = inside()
print(x, y, z, u, w, made, c)
