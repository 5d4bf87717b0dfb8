// Rooms by socket.io, as its documentation shows them: whoever joins a room hears what is published there.
// PORT says where; "listening" is printed when it does.
import { createServer } from 'node:http';
import { Server } from 'socket.io';

const http = createServer();
const io = new Server(http, { transports: ['websocket'], serveClient: false, perMessageDeflate: false });

io.on('connection', (socket) => {
  socket.on('join', (topic) => {
    socket.join(topic);
    socket.emit('subscribed', { topic });
  });
  socket.on('publish', (topic, fact) => {
    io.to(topic).emit('changed', { topic, fact });
  });
});

http.listen(Number(process.env.PORT), '127.0.0.1', () => console.log('listening'));
