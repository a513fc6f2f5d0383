"""Comprehensions of all kinds are one step each, nested and with writes inside."""
import torch

base = torch.zeros(3)
rows = [base + i for i in range(3)]
table = {f"k{i}": row * 2 for i, row in enumerate(rows)}
pairs = [(a, b) for a in rows[:2] for b in rows[1:] if a is not b]
nested = [[torch.tensor(i * j) for j in range(2)] for i in range(2)]
kinds = {row.dtype for row in rows}
total = sum(row.sum() for row in rows)
written = [base.add_(i) for i in range(3)]
walrus = [last := row + 1 for row in rows]
if (n := len(walrus)) > 2:
    stacked = torch.stack(walrus)


def inside():
    local = torch.ones(2)
    return [local.mul_(2).clone() for _ in range(2)], local


copies, local = inside()
print(base, table, len(pairs), nested, kinds, total, written[0] is base, last, n, stacked, copies)
