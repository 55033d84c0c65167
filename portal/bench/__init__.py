"""`minyi bench`: how fast pages and submissions are, as ratios to a floor measured in the same run."""
