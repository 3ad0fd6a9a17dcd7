"""Prints the workspace's version.

usage: python3 version.py Cargo.toml
"""
import sys
import tomllib

with open(sys.argv[1], "rb") as file:
    print(tomllib.load(file)["workspace"]["package"]["version"])
