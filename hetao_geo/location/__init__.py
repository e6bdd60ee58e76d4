"""Which side of the line a point is on, as far as line and point are known.

Every point gets the probability of being inside, from its distance to the limits around it and
from the accuracy of each (`distances`). Between 2.5 and 97.5 per cent it is called uncertain.

locator          positions in, rows out
distances        the rule; `reference` states it one point at a time
interpretations  other readings of the limits
positions        columns of numbers or text as longitude and latitude
datum_evidence   which datum a cloud of points is in
frames           the same for arrays and geopandas
"""
