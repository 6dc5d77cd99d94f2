import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { test } from 'node:test';

test('the Redis given to the tests is a real one and answers PING', async () => {
  const { hostname, port, username, password } = new URL(process.env['REDIS_URL'] ?? '');
  const socket = net.connect({ host: hostname, port: Number(port || 6379) });
  try {
    await once(socket, 'connect');
    const login = password === '' ? '' : `AUTH ${username} ${decodeURIComponent(password)}\r\n`;
    socket.write(`${login}PING\r\n`);
    let answer = '';
    for await (const chunk of socket.setEncoding('utf8')) {
      answer += String(chunk);
      if (answer.endsWith('PONG\r\n')) break;
    }
    assert.match(answer, /\+PONG\r\n$/);
  } finally {
    socket.destroy();
  }
});
