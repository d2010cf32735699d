# A zip cut off after its first bytes.
#
# submission: files
# unreadable: zip

folder.rmdir()
folder.with_suffix(".zip").write_bytes(b"PK\x03\x04 cut")
