"""Tests of the flag catalogue."""
