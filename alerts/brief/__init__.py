"""The brief: one sober document about a week, as HTML, DOCX and PDF, for forwarding.

What it says is `values.Brief`; `blocks` and `compose` make of it the document's blocks in the reader's words, once;
`html`, `docx` and `pdf` set those blocks, so that all three say the same.
"""
