"""The manual's query in Apache Spark, over the record of a book as two desks; run by hand.

`spark.py FOLDER` reads the output of `whosaid export parquet --output FOLDER`. It needs pyspark
(300 MB) in addition to the tools of requirements.txt, and a Java runtime. It runs the Python code
of docs/exports.md unchanged, and compares Spark's result with DuckDB's result for the SQL query
before it.
"""

import os
import pathlib
import shutil
import sys
import tempfile

import duckdb

HERE = pathlib.Path(__file__).parent


def main():
    tables = pathlib.Path(sys.argv[1]).resolve()
    manual = (HERE.parent.parent / "docs" / "exports.md").read_text(encoding="utf-8")
    block = lambda language: manual.split(f"```{language}\n", 1)[1].split("```", 1)[0]
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for desk in ("one", "two"):
            for table in tables.iterdir():
                if table.is_dir():
                    shutil.copytree(next(table.iterdir()), pathlib.Path("records") / table.name / f"site={desk}")
        duck = duckdb.execute(block("sql")).fetchall()
        names = {}
        # The rows, instead of a printed table.
        exec(block("python").replace(").show()", ").collect()").replace("spark.sql(", "found = spark.sql("), names)
        spark = [tuple(row) for row in names["found"]]
        names["spark"].stop()
    print(f"{len(spark)} rows, the first {spark[0]}")
    assert spark and spark == duck, "Spark and DuckDB differ"


if __name__ == "__main__":
    main()
