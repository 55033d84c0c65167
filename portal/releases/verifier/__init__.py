"""The verifier of a release folder; standard library only, joined into one ``verify.py`` by ``build``."""
