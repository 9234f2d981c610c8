import { StackFault, wordsOf } from '../fault.js';
import { query } from './postgres.js';
import { ensureSearchAttributes } from './search-attributes.js';
import { httpAnswers, waitUntil } from './wait-until.js';

type Environment = Readonly<Record<string, string | undefined>>;
/** Variables for the clients of a service that somebody else runs. */
export type ExternalService = Readonly<Record<string, string>>;

const PATIENCE_MS = 15_000;

/** DATABASE_URL as given, once it answers; null where it is not set. */
export async function externalPostgres(env: Environment): Promise<ExternalService | null> {
  const url = env.DATABASE_URL;
  if (!url) return null;
  await answers('DATABASE_URL', withoutPassword(url), () => query(url, 'SELECT 1'));
  return { DATABASE_URL: url };
}

/** S3_ENDPOINT with its keys, region and bucket as given, once it answers; null where it is not set. */
export async function externalS3(env: Environment): Promise<ExternalService | null> {
  const endpoint = env.S3_ENDPOINT;
  if (!endpoint) return null;
  await answers('S3_ENDPOINT', endpoint, () => httpAnswers(endpoint, (status) => status < 500));
  return pick(env, /^(S3|AWS)_/);
}

/** TEMPORAL_ADDRESS as given, once its namespace has our search attributes; null where it is not set. */
export async function externalTemporal(env: Environment): Promise<ExternalService | null> {
  const address = env.TEMPORAL_ADDRESS;
  if (!address) return null;
  const { TEMPORAL_TLS_CERT: cert, TEMPORAL_TLS_KEY: key, TEMPORAL_API_KEY: apiKey, TEMPORAL_NAMESPACE: namespace = 'default' } = env;
  const certificate = cert && key ? { cert, key } : undefined;
  await answers('TEMPORAL_ADDRESS', `${address}, namespace ${namespace}`, () => ensureSearchAttributes({ address, namespace, apiKey, certificate }));
  return pick(env, /^TEMPORAL_/);
}

async function answers(variable: string, where: string, probe: () => Promise<unknown>): Promise<void> {
  let last: unknown;
  const remember = async (): Promise<void> => {
    try {
      await probe();
    } catch (error) {
      last = error;
      throw error;
    }
  };
  await waitUntil(remember, AbortSignal.timeout(PATIENCE_MS), 500).catch(() => {
    throw new StackFault(
      `${variable} is set, but ${where} cannot be used: ${wordsOf(last) || 'no answer'}. Start that service, correct the variable, or unset it to use the embedded one.`,
    );
  });
}

function pick(env: Environment, names: RegExp): ExternalService {
  const picked: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) if (value && names.test(name)) picked[name] = value;
  return picked;
}

function withoutPassword(url: string): string {
  return url.replace(/\/\/[^@/]*@/, '//…@');
}
