import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A fixed port in front of an API that comes and goes. */
export interface ApiDoor {
  readonly url: string;
  /** null: whoever knocks is cut off, as at a process that is not there, and so is whoever is inside. `mute`: what is said arrives, the answers do not. */
  lead(port: number | null, mute?: boolean): void;
  close(): Promise<void>;
}

export async function startApiDoor(): Promise<ApiDoor> {
  let target: number | null = null;
  let isMute = false;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    if (target === null) return void socket.destroy();
    const onward = connect(target, '127.0.0.1');
    for (const each of [socket, onward]) {
      sockets.add(each);
      each.on('error', () => each.destroy());
      each.on('close', () => sockets.delete(each));
    }
    socket.on('close', () => onward.destroy());
    onward.on('close', () => socket.destroy());
    socket.pipe(onward);
    return void (isMute ? onward.resume() : onward.pipe(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cutAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lead(port, mute = false) {
      [target, isMute] = [port, mute];
      if (port === null) cutAll();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        cutAll();
      }),
  };
}
