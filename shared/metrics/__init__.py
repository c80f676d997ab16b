"""What monitoring can count and time, in Prometheus' terms. Labels hold names out of the code only: never an id, an address or a text."""
