"""What the page, its still picture and the printed figure share: no matplotlib, no folium.

policy    how names are placed, from ``label_policy.toml``
"""
