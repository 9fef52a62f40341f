"""The summary report of a plan: one content, written as HTML, as a Word document or as PDF."""
