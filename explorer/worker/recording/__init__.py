"""What the recorder notes: names, tensors, storages, and the news made of them."""
