"""What published records tell of a person, an organisation, a country or two countries.

All of it begins with public entries or with what `timeline.public` gives; it is bounded, and takes
a fixed number of queries.
"""
