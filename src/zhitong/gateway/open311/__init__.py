"""Open311 GeoReport v2: appeals as civic apps know them.  http://wiki.open311.org/GeoReport_v2"""
