"""Official documents (DOCX, PDF) in the layout of Nghị định 30/2020: data in, file out."""
