"""The cheapest way to an open gate: what to begin, when, within which bounds, and what stands in the way."""
