import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { Connection } from '@temporalio/client';
import { tied } from '../../stack/spawn-part.js';
import { obtainTool } from '../../stack/tools/find-tool.js';
import { toolPlaces } from '../../stack/tools/places.js';
import { TEMPORAL } from '../../stack/tools/temporal.js';
import { eventually } from './harness.js';

/** A Temporal server of its own that suggests a new run after so few events; in memory, without a UI. */
export async function startForgetfulServer(suggestAfterEvents: number): Promise<{ readonly address: string; stop(): Promise<void> }> {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const { path } = await obtainTool(TEMPORAL, toolPlaces(root, process.env), () => undefined);
  const port = await freePort();
  const settings = [`limit.historyCount.suggestContinueAsNew=${suggestAfterEvents}`];
  const [command, args] = tied(path, [
    ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--headless', '--log-level', 'never'],
    ...settings.flatMap((setting) => ['--dynamic-config-value', setting]),
  ]);
  const child = spawn(command, args, { stdio: 'ignore', env: { PATH: process.env.PATH, HOME: process.env.HOME } });
  const ended = once(child, 'exit');
  const address = `127.0.0.1:${port}`;
  await eventually(async () => (await Connection.connect({ address })).close(), 60_000);
  return {
    address,
    async stop() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
