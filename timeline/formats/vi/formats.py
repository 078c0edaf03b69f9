"""Vietnamese: 37.200.000.000 with a dot between groups of three, which Django does not group."""

DECIMAL_SEPARATOR = ","
THOUSAND_SEPARATOR = "."
NUMBER_GROUPING = 3
