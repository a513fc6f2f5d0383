"""More passes from one line than keep their nodes, with graphs that live on and that do not."""
import torch

w = torch.tensor([1.0, -1.0], requires_grad=True)
kept = []
for i in range(6):
    loss = (w * (i + 1)).pow(2).sum()
    loss.backward(retain_graph=i % 2 == 0)
    kept.append(loss)
    with torch.no_grad():
        w -= 0.01 * w.grad
    w.grad = None if i % 3 else w.grad.clone()
total = sum(kept[::2])
total.backward()
print(w, w.grad, total)
