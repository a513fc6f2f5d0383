"""What a call makes of shapes, strides and offsets: predicted, explained, mended."""
