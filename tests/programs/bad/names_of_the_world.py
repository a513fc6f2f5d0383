"""Names and keys in Chinese, Arabic, Greek and with emoji, in code, tensors, output and errors."""
import torch

张量 = torch.ones(2)
مصفوفة = 张量 + 1
ρ = {"🙂": 张量, "عربي": مصفوفة, "a\nb": torch.zeros(1), "\ud800": torch.zeros(1)}


def 函数(输入):
    结果 = 输入 * 2
    return 结果


ρ["🙂"].add_(1)
值 = 函数(ρ["🙂"])
print("输出 🙂 عربي", 值.tolist())
raise ValueError("错误 🙂")
