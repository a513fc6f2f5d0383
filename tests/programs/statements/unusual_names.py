"""Names in other scripts, with underscores, shadowing builtins and modules."""
import torch

张量 = torch.ones(2)
größe = 张量 * 2
α, β = torch.zeros(1), torch.ones(1)
_ = torch.tensor(1)
__private = torch.tensor(2)
_x_1 = 张量 + größe
list = torch.arange(3)
print_ = print
表 = {"键": 张量, "emoji 🙂": β}


class Δ:
    __hidden = torch.tensor([3])

    def 写(self):
        self.__own = self.__hidden + 1
        return self.__own


值 = Δ().写()
张量 += 1
表["emoji 🙂"].add_(1)
torch_ = torch
print_(张量, größe, α, β, _, _x_1, list, 表, 值)
