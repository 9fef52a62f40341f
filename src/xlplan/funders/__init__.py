"""Views of a plan for those who pay: exports in their layouts, and where their money overlaps."""
