# Sends messages out of form on every channel, then ends.
#
# submission: code after a right answer
# squares: no point or passed

kernel = get_ipython().kernel
for stream in (kernel.shell_stream, kernel.iopub_socket):
    for parts in ([b"x"], [b"a", b"<IDS|MSG>", b"", b"{", b"3", b"[]", b"null"]):
        try:
            getattr(stream, "socket", stream).send_multipart(parts)
        except Exception as error:
            print(error)
