"""Report forms as workbooks: their layout, writing and reading."""
