"""The register: is this a family that we know, and does somebody lead a plan for it already?"""
