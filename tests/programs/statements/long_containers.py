"""Containers of thousands of numbers and texts, into which tensors come and from which they go."""
import torch

tokens = [n % 7 for n in range(1000)]
pairs = [(n, n + 1) for n in range(500)]
rows = [[n, str(n)] for n in range(300)]
samples = [{"text": "a", "label": n} for n in range(300)]
mixed = [*range(280), [1, 2], (3,), {"four": 4}]
words = {str(n): n for n in range(400)}
kept = []
x = torch.ones(2)


def noted(losses, value):
    losses.append(value)
    return len(losses)


tokens.append(8)
count = noted(tokens, 9)
tokens[3] = x
count = noted(tokens, x * 2)
tokens[3] = 3
del tokens[-1]
count = noted(tokens, 1.5)
tokens.sort(reverse=True)
tokens.append(torch.zeros(1))
tokens.append(torch.zeros(2))
tokens.pop(0)
pairs[7] = (x, 1)
pairs[7] = (7, 8)
pairs.append((1, (2, x)))
pairs[-1] = (1, 2)
pairs[0] = [0, 1]
pairs[0].append(x)
rows[5][1] = x
rows[5].append({"deep": x})
rows[5][1] = None
rows[6].append([x])
rows[6][-1].clear()
rows[5].pop()
samples[9]["text"] = x
samples[9]["more"] = [x, x]
samples[9] = {"label": 1}
samples[10].update(of=x)
samples[10].clear()
mixed[280].append(x)
mixed[282]["four"] = x
mixed[280].pop()
mixed[282]["four"] = 4
mixed[281] = (x, x)
mixed[281] = 1
words["5"] = x
words["5"] = 5
words[6] = (1, x)
del words[6]
kept += [torch.full((1,), float(n)) for n in range(80)]
kept.append(x)
kept[79] = 3
kept.append(kept[0])
kept[10:20] = []
kept.reverse()
count = noted(kept, x)
kept *= 4
kept.append(x)
kept[0] = 1
del kept[60:]
many = [(torch.full((1,), float(n)), n) for n in range(70)]
held = [[one, {}] for one in kept[:3]]
count = noted(kept, 1)
many[3] = (x, 3)
many[4] = [x]
count = noted(kept, 2)
many[4].append(x + 1)
many[4][0] = 5
many[4] = (4,)
many[5] = (many[5], x)
many[6] = (many[7][0], 6)
del many[8:]
many *= 9
count = noted(kept, 3)
many[40] = x
tokens = tuple(tokens)
tokens = (*tokens, x)
