import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * A request whose sender goes away in the middle of its body: a closed tab, a killed process. `fin`: its system closes the
 * connection in order; `rst`: it breaks it. Resolves when the server has had time to make something of it.
 */
export async function sendCut(
  to: { readonly url: string; readonly method?: string; readonly headers?: Readonly<Record<string, string>>; readonly promisedBytes: number },
  sent: Uint8Array,
  how: 'fin' | 'rst' = 'fin',
): Promise<void> {
  const { host, hostname, port, pathname, search } = new URL(to.url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => socket.destroy());
  await once(socket, 'connect');
  const lines = Object.entries({ Host: host, ...to.headers, 'Content-Length': String(to.promisedBytes) }).map(([name, value]) => `${name}: ${value}`);
  socket.write(`${to.method ?? 'PUT'} ${pathname}${search} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
  await new Promise((resolve) => socket.write(sent, resolve));
  // What is on its way arrives before the end does.
  await sleep(200);
  if (how === 'rst') socket.resetAndDestroy();
  else socket.destroy();
  await sleep(500);
}
