"""The same job by other libraries, each as its manual says to do it reliably. They run in `.venv-bench`, not in `.venv`.

Each module is a program, `python -m benchmarks.peers.on_celery publish|work`, and imports nothing of the product.
"""
