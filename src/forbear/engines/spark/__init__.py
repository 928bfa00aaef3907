"""Judging on the machines of a Spark cluster: `session` starts Spark, `host` has a history read, brought together and judged there.

`blobs` holds entries while Spark moves them, `cut` takes them apart and puts them together, `failure` brings an executor's error home.
PySpark and a Java come with `pip install 'forbear[spark]'`; every executor needs the same forbear in its Python.
"""
