"""The drawings of time as geometry: numbers that templates print as SVG, and no words.

Nothing here asks the database or Django. Positions along the time are percent of the width of a
drawing, so that it has any width without its text being scaled; heights are rem.
"""
