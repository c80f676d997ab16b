"""What the product costs, measured: `make bench` runs every benchmark, `make bench ONLY=pipeline` one.

Each benchmark is a module with `run()`; `measured.py` keeps the figures in `docs/performance.json`, and `page.py` writes
`docs/performance.md` from them. Nothing here runs in production.
"""
