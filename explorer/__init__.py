"""Tensor Explorer: PyTorch programs, recorded and walked step by step."""
