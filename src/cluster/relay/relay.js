const [mark, runtime, port, ...addresses] = process.argv.slice(1);
const { stdin, stdout, stderr } = process;
const fail = (error) => stderr.write(error.message + "\n", () => process.exit(1));
const connect = () => {
  let connected = false;
  const socket = require("net").connect({ host: addresses.shift(), port: +port, allowHalfOpen: true });
  socket.on("error", (error) => (connected || !addresses.length ? fail(error) : connect()));
  socket.on("connect", () => {
    connected = true;
    socket.setNoDelay(true);
    stdout.write(mark + " " + runtime + "\n");
    stdin.pipe(socket, { end: false });
    socket.pipe(stdout, { end: false });
    // The input ended: whoever waited for answers has left.
    stdin.on("end", () => process.exit(0));
    socket.on("end", () => stdout.write("", () => process.exit(0)));
  });
};
connect();
