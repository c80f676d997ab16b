"""docker-compose.yml without containers: the same commands with the same environment, as plain processes.

For rehearsing a release, and for testing what is deployed where there is no container engine.
"""
