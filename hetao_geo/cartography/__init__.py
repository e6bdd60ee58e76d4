"""What the page, its inset and the printed figure share: no matplotlib, no folium.

frame       a window of the grid and its place on a drawing
scale_bar   the scale as a bar and as a number; graticule: meridians and parallels
ground      land, water, roads in drawing order; patterns: tufts, dashes, hatch; curves: their lines
zone        parks with bands and edges, boundary, crossings
inset       where the map lies in the Greater Bay Area
lettering   how names are set; typesetting: lines of text and how they break
policy      how names are placed, from ``label_policy.toml``
labels      which names a map carries; background_labels: those of the ground
places      where a name could stand; line_places: along a line
placer      where it stands; halo: the colour behind it
furniture   scale bar, north arrow, ticks, badges
drawing     what all of these return: shapes and lines of text
"""
