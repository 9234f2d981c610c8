import { type Logger, type LoggerOptions, pino } from 'pino';

export type { Logger };

/**
 * JSON lines to stdout. The message is a constant sentence, facts are fields. Secrets are cut here, not at call sites:
 * presigned URLs lose their signature wherever a URL is logged as a field.
 */
export function createLogger(options: { name: string; level: string }): Logger {
  const shape: LoggerOptions = {
    name: options.name,
    level: options.level,
    base: { process: options.name, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: ['req.headers.authorization', 'req.headers.cookie', 'headers.authorization', 'secret', '*.secret', 'apiKey'],
      censor: '[redacted]',
    },
    formatters: { level: (label) => ({ level: label }) },
    serializers: { err: pino.stdSerializers.err },
    hooks: { streamWrite: redacted },
  };
  return pino(shape, standardOutput());
}

let output: { write(line: string): void } | undefined;

/**
 * The lines of one turn of the event loop go out as one write: one that each waits for costs a request as much as its reading. What is
 * left is written as the process ends; only a SIGKILL loses lines, those of its last turn. Not pino's own writing in the background:
 * where nobody reads any more, it tries for ever to write what is left, and the process never ends.
 */
function standardOutput(): { write(line: string): void } {
  if (output) return output;
  const destination = pino.destination({ dest: 1, sync: true });
  let held = '';
  const flush = (): void => {
    const lines = held;
    held = '';
    if (lines !== '') destination.write(lines);
  };
  process.on('exit', flush);
  output = {
    write(line) {
      if (held === '') setImmediate(flush);
      held += line;
    },
  };
  return output;
}

/** A line of the log without what would let its reader in. */
export const redacted = (line: string): string =>
  line
    .replace(SIGNED, '$1=[redacted]')
    .replace(API_KEY, 'rm_[redacted]')
    .replace(UPLOAD_TOKEN, 'upt_[redacted]')
    .replace(WEBHOOK_SECRET, 'whsec_[redacted]')
    .replace(PASSWORD, '$1[redacted]@');

const SIGNED = /(X-Amz-(?:Signature|Credential|Security-Token))=[^&"\\\s]+/gi;
const API_KEY = /rm_(?:live|test)_[A-Za-z0-9_-]+/g;
const UPLOAD_TOKEN = /upt_[A-Za-z0-9_-]+/g;
const WEBHOOK_SECRET = /whsec_[A-Za-z0-9+/=_-]+/g;
/** In an address: scheme://user:password@host. */
const PASSWORD = /([a-z][a-z0-9+.-]*:\/\/[^\s:@/"]*:)[^\s@/"]+@/gi;
