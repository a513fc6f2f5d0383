"""The loss for sequences, whose backward cannot live with memory that is shared."""
import torch
import torch.nn.functional as F

torch.manual_seed(0)
logits = torch.randn(8, 2, 4, requires_grad=True)
log_probs = logits.log_softmax(2)
targets = torch.randint(1, 4, (2, 3))
lengths = torch.full((2,), 8)
target_lengths = torch.full((2,), 3)
loss = F.ctc_loss(log_probs, targets, lengths, target_lengths)
loss.backward()
first = logits.grad.clone()
for i in range(5):
    each = F.ctc_loss(logits.log_softmax(2), targets, lengths, target_lengths, reduction="none")
    one = F.ctc_loss(logits.log_softmax(2), targets, lengths, target_lengths, reduction="none")[1]
    (each.sum() + one).backward()
print(loss, first.sum() < 1e-3, logits.grad.sum() < 1e-3)
