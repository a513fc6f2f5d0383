import torch

torch.manual_seed(0)
maker = torch.nn.Linear(2, 2)
judge = torch.nn.Linear(2, 1)


def step(network):
    with torch.no_grad():
        for parameter in network.parameters():
            parameter -= 0.1 * parameter.grad


for _ in range(2):
    noise = torch.randn(4, 2)
    judge.zero_grad()
    opinion = judge(maker(noise).detach())
    opinion.mean().backward()
    step(judge)
    maker.zero_grad()
    opinion = judge(maker(noise))
    (-opinion.mean()).backward()
    step(maker)
