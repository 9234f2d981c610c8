import { mkdirSync } from 'node:fs';
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
