import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { claimPort } from '../ports.js';
import type { Service, ServiceContext } from './service.js';
import { systemEnvironment } from './system-environment.js';
import { httpAnswers, waitUntil } from './wait-until.js';

const REGION = 'us-east-1';

/** versitygw over a folder of the data folder. Objects are files, their metadata extended attributes. */
export function createS3(context: ServiceContext, versitygw: string): Service {
  let port = 0;
  let ready = false;
  const { s3AccessKey, s3SecretKey } = context.state.current.secrets;
  const endpoint = (): string => `http://127.0.0.1:${port}`;
  return {
    clientEnv: () => ({ S3_ENDPOINT: endpoint(), S3_REGION: REGION, AWS_ACCESS_KEY_ID: s3AccessKey, AWS_SECRET_ACCESS_KEY: s3SecretKey }),
    part: {
      name: 'S3',
      tier: 'service',
      stopSignal: 'SIGTERM',
      graceMs: 3_000,
      readyMs: 20_000,
      async prepare() {
        const folder = join(context.data, 's3');
        mkdirSync(folder, { recursive: true });
        undoHalfCompletes(folder);
        if (!ready) port = await claimPort(context.state, 's3');
        return {
          command: versitygw,
          args: ['--port', `127.0.0.1:${port}`, '--region', REGION, '--quiet', 'posix', folder],
          env: { ...systemEnvironment(context.env), ROOT_ACCESS_KEY: s3AccessKey, ROOT_SECRET_KEY: s3SecretKey },
        };
      },
      async ready(signal) {
        // Without a signature it answers 403: it is there.
        await waitUntil(() => httpAnswers(`${endpoint()}/`, (status) => status < 500), signal);
        ready = true;
      },
    },
  };
}

/**
 * versitygw 1.8.0 renames a multipart's folder to `ID.ETAG.inprogress` while it completes it, and does not find it again
 * after being killed there: a finished upload would be lost. Before it starts, the folders get their names back.
 */
export function undoHalfCompletes(folder: string): void {
  for (const bucket of subfolders(folder)) {
    const multiparts = join(folder, bucket, '.sgwtmp', 'multipart');
    for (const object of subfolders(multiparts)) {
      for (const name of subfolders(join(multiparts, object))) {
        const [id] = name.split('.');
        const original = join(multiparts, object, id ?? name);
        if (name.endsWith('.inprogress') && !existsSync(original)) renameSync(join(multiparts, object, name), original);
      }
    }
  }
}

function subfolders(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
}
