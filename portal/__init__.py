"""The web application, its commands and its jobs: everything that only a portal has."""
