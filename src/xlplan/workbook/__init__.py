"""The workbook: what stands where, how it looks, and how it is written, read and recalculated."""
