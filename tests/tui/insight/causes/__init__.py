"""Tests of the reading of failures."""
