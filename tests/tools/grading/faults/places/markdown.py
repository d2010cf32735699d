# The answer's cell became Markdown.
#
# submission: changes to the cells
# squares: passed
# feedback: its cell was not code; read as code

squares = cell("squares-answer")
squares.cell_type = "markdown"
squares.source = f"```python\n{squares.source}\n```"
