"""Our extraction beside other extractors, over one folder of pages: `python -m benchmarks.extraction --help`."""
