"""A demonstration: an invented city with ratings whose true means are known. Nothing here runs in a real portal."""
