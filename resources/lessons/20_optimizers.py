"""Item 20. Optimizers: what step() does to a parameter.

All of them read .grad and write the parameter in place; they differ in what
they remember. SGD remembers nothing, or a velocity with momentum. RMSprop keeps
a running mean of squared gradients, Adam that and a running mean of the
gradients. LBFGS keeps past differences and asks for the loss several times in
one step, which is why it wants a function.

Each starts at the same point of the same valley. Look at the state after each
step().
"""

import torch


def valley(p):
    # lowest at (1, -2)
    return (p[0] - 1) ** 2 + 10 * (p[1] + 2) ** 2


def walk(name, make, steps):
    p = torch.tensor([4.0, 2.0], requires_grad=True)
    optimizer = make([p])

    def loss_and_gradient():
        optimizer.zero_grad()
        loss = valley(p)
        loss.backward()
        return loss

    for _ in range(steps):
        # before, gradient, state, after
        optimizer.step(loss_and_gradient)
    state = sorted(key for key in optimizer.state[p])
    print(f"{name:8} {[round(v, 3) for v in p.tolist()]}  remembers {state}")


walk("SGD", lambda p: torch.optim.SGD(p, lr=0.04), 5)
walk("momentum", lambda p: torch.optim.SGD(p, lr=0.04, momentum=0.5), 5)
walk("RMSprop", lambda p: torch.optim.RMSprop(p, lr=0.5), 5)
walk("Adam", lambda p: torch.optim.Adam(p, lr=0.5), 5)
walk("LBFGS", lambda p: torch.optim.LBFGS(p, lr=0.5), 2)

# and SGD once more, by hand
p = torch.tensor([4.0, 2.0], requires_grad=True)
valley(p).backward()
with torch.no_grad():
    p -= 0.04 * p.grad
print("by hand ", p.tolist())
