import torch

readings = torch.tensor([1.0, float("nan"), 3.0])
mean = readings.nanmean()
known = torch.isnan(readings).logical_not()
doubled = readings * 2
print(mean, doubled[known])
