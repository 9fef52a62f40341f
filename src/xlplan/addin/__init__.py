"""The xlwings add-in: every rule, and whole tables, as Excel functions. The workbook's own formulas decide."""
