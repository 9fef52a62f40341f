"""xlplan"""
