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
  // Beside the work, and several lines at a time where many come: a write that is waited for cost a request as much as its reading.
  // What is left is written when the process ends; a SIGKILL loses the lines of the last moment.
  return pino(shape, pino.destination({ dest: 1, sync: false }));
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
