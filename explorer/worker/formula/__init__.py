"""The formulas of torch's own table of derivatives: read, written out, evaluated."""
