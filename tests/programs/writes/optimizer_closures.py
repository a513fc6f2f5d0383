"""LBFGS calls back; schedulers and clipping write too; state dicts go out and in."""
import torch

weight = torch.nn.Parameter(torch.tensor([3.0, -1.0]))
optimizer = torch.optim.LBFGS([weight], max_iter=3, line_search_fn="strong_wolfe")


def closure():
    optimizer.zero_grad()
    loss = ((weight - 1) ** 2).sum()
    loss.backward()
    return loss


loss = optimizer.step(closure)
other = torch.nn.Parameter(torch.tensor([3.0, 4.0]))
adam = torch.optim.Adam([other], lr=0.1)
scheduler = torch.optim.lr_scheduler.StepLR(adam, 1, gamma=0.5)
(other.sum() * 10).backward()
norm = torch.nn.utils.clip_grad_norm_([other], 1.0)
adam.step()
scheduler.step()
saved = adam.state_dict()
first = saved["state"][0]["exp_avg"]
(other**2).sum().backward()
torch.nn.utils.clip_grad_value_([other], 0.5)
adam.step()
adam.load_state_dict(saved)
tensor_lr = torch.tensor(0.1)
fresh = torch.optim.Adam([other], lr=tensor_lr, foreach=False)
tensor_lr.mul_(0.5)
fresh.step()
print(weight, loss.item() > 0, other, norm, first)
