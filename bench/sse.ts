import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { StackFault } from '../stack/fault.js';
import type { BenchContext } from './context.js';
import { type Row, sum } from './figures.js';
import { peakRssMib, rssMib } from './proc.js';
import { withStack } from './stack.js';

const STREAMS = 5_000;
/** Opened at a time. */
const OPENING = 50;
/** A change a second, of two events each: every stream of the tenant is told every one. */
const CHANGES = 30;
const PART = 'sse';
const MOST_LAG_MS = 500;

interface Stream {
  readonly socket: Socket;
  readonly ids: string[];
  readonly lagsMs: number[];
}

/** Open streams of one tenant in one process of the API: what they hold, and how late they are told. Client and server share the machine. */
export async function benchSse({ root, say }: BenchContext): Promise<Row[]> {
  return withStack({ root, say, encoders: 1 }, async (stack) => {
    const endpoint = { port: stack.state().ports.api ?? 0, apiKey: readFileSync(join(stack.data, 'api-key'), 'utf8').trim() };
    const pid = stack.state().parts.API?.pid;
    if (pid === undefined) throw new StackFault('The stack has no API.');
    const before = rssMib(pid) ?? 0;
    const streams: Stream[] = [];
    try {
      while (streams.length < STREAMS) {
        streams.push(...(await Promise.all(Array.from({ length: OPENING }, () => open(endpoint)))));
        if (streams.length % 1_000 === 0) say(`  ${streams.length} streams are open`);
      }
      await sleep(2_000);
      const idle = rssMib(pid) ?? 0;
      for (let n = 0; n < CHANGES; n += 1) {
        await stack
          .api()
          .request({ method: 'POST', path: '/v1/uploads', body: { file_name: `${n}.mp4`, size_bytes: 1 }, signal: AbortSignal.timeout(20_000) });
        await sleep(1_000);
      }
      await sleep(2_000);
      const wanted = streams[0]?.ids ?? [];
      const whole = streams.filter(({ ids }) => ids.length === 2 * CHANGES && ids.every((id, index) => id === wanted[index])).length;
      const lagsMs = streams.flatMap((stream) => stream.lagsMs).sort((a, b) => a - b);
      const at = (share: number): number => lagsMs[Math.min(lagsMs.length - 1, Math.floor(lagsMs.length * share))] ?? Number.NaN;
      const row = (name: string, value: number, unit: string, goal: Row['goal'] = null, note = ''): Row => ({
        part: PART,
        name,
        value,
        unit,
        digits: 0,
        goal,
        note,
      });
      const mean = sum(lagsMs) / lagsMs.length;
      return [
        row('open streams that got every event once, in order', whole, '', { atLeast: STREAMS }, `of ${STREAMS}, ${2 * CHANGES} events each`),
        row(
          'lag, 99th percentile',
          at(0.99),
          'ms',
          { atMost: MOST_LAG_MS },
          `from the catalogue’s time of the event; mean ${mean.toFixed(0)}, median ${at(0.5)}, longest ${at(1)}`,
        ),
        row(
          'memory of the API with them',
          peakRssMib(pid) ?? Number.NaN,
          'MiB',
          null,
          `without ${before.toFixed(0)}, idle ${idle.toFixed(0)}: ${(((idle - before) * 1024) / STREAMS).toFixed(1)} KiB a stream`,
        ),
      ];
    } finally {
      for (const { socket } of streams) socket.destroy();
    }
  });
}

/** A bare socket, so that the client costs little; resolves once the answer has begun. */
function open({ port, apiKey }: { readonly port: number; readonly apiKey: string }): Promise<Stream> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    const stream: Stream = { socket, ids: [], lagsMs: [] };
    let rest = '';
    socket.setEncoding('latin1');
    socket.once('error', reject);
    socket.once('close', () => reject(new StackFault('A stream ended before its time.')));
    socket.on('data', (chunk: string) => {
      const now = Date.now();
      const text = rest + chunk;
      if (text.startsWith('HTTP/1.1 200')) resolve(stream);
      else if (text.startsWith('HTTP/1.1 ')) reject(new StackFault(`A stream was refused: ${text.slice(0, 200)}`));
      for (const [, id = '', at = ''] of text.matchAll(/^id: (evt_\w+)\n.*?"created_at":"([^"]+)".*?\n\n/gms)) {
        stream.ids.push(id);
        stream.lagsMs.push(now - Date.parse(at));
      }
      rest = text.slice(text.lastIndexOf('\n\n') + 1);
    });
    socket.write(`GET /v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${apiKey}\r\nAccept: text/event-stream\r\n\r\n`);
  });
}
