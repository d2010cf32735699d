"""What the Lab writes to disk: pictures, never widgets that belong to a past kernel."""

from __future__ import annotations

from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager

LIVE = "application/vnd.jupyter.widget-view+json"


class Notebooks(AsyncLargeFileManager):
    """Leaves out a demo's live view where a picture says the same.

    With it, a notebook opened the next day shows "model not found" for the picture.
    """

    async def save(self, model: dict, path: str = "") -> dict:
        """Save a file as Jupyter does; notebooks as `still`."""
        if model.get("type") == "notebook" and isinstance(model.get("content"), dict):
            still(model["content"])
        return await super().save(model, path)


def still(notebook: dict) -> None:
    """Take the live views of outputs that also hold a picture out of a notebook."""
    for cell in notebook.get("cells", ()):
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            if "image/png" in data:
                data.pop(LIVE, None)
