"""The trips in the columns of COLT, one row for each leg and each leader: trips-colt.csv.

COLT is the Country and Organizational Leader Travel dataset (University of Denver, Moyer et al.).
Its names and its Yes and No are kept; an empty cell means that our records do not know. What COLT
has no column for (how exactly a date is known, above all) stands behind in columns of our own.
"""
