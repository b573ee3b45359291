"""Why a server did not start, or died: read from its log, from Docker's own words and from the container's state."""
