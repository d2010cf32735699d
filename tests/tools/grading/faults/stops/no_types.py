# Publishes messages whose parts have the wrong types.
#
# submission: code after a right answer
# squares: tampered or crashed

kernel = get_ipython().kernel
for content in ({"name": 3, "text": []}, {"data": 7}, {"execution_state": {}}):
    for kind in ("stream", "display_data", "status", "execute_result", "error"):
        kernel.session.send(
            kernel.iopub_socket, kind, content, kernel.get_parent("shell")
        )
