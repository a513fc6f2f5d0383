"""Numbers as grid, heatmap, histogram, lines, image and bits."""
