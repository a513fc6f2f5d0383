"""Statements over many lines: calls, chains, brackets, backslashes, strings, decorators."""
import torch

x = torch.tensor(
    [
        [1.0, 2.0],
        [3.0, 4.0],
    ],
    requires_grad=True,
)
y = (
    x.mul(2)
    .add(1)
    .sum(
        dim=0,
    )
)
z = y + \
    1 + \
    y.mean()


def long(
    a,
    b=torch.ones(
        2,
    ),
):
    return (
        a
        + b
    )


w = long(
    long(
        y,
    ),
    b=long(
        z,
        z,
    ),
)
text = """
several
lines""" + str(
    w.numel()
)
table = {
    "a": w
    + 1,
    "b": [
        z,
        w,
    ],
}
if (
    w.sum() > 0
    and z.sum() > 0
):
    w.sum(
    ).backward(
    )
with torch.no_grad(
), torch.enable_grad(
):
    v = (
        x
        * 2
    )
print(
    y,
    z,
    text,
    v,
    x.grad,
)
