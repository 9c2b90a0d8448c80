# A server on a socket by path, which says so when somebody connects.
import socket, sys
s = socket.socket(socket.AF_UNIX)
s.bind(sys.argv[1])
s.listen(50)
open(sys.argv[2] + ".ready", "w").close()
while True:
    s.accept()
    open(sys.argv[2], "w").close()
