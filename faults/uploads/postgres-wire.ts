/** One statement as a client sends it: everything up to the point where it waits for the answer. */
export interface Statement {
  /** SQL text; empty for messages that carry none (start-up, password, end). */
  readonly text: string;
  /** The bytes as they came, bound values included. */
  readonly raw: Buffer;
}

/** Whether a value (an id, say) is among the bound ones. */
export const mentions = (statement: Statement, value: string): boolean => statement.raw.includes(value);

const PARSE = 0x50; // 'P'
const BIND = 0x42; // 'B'
const QUERY = 0x51; // 'Q'
const SYNC = 0x53; // 'S'
/** Messages after which the client goes on sending before it waits: Parse, Bind, Describe, Execute, Close. */
const GOES_ON = new Set([...'PBDEC'].map((letter) => letter.charCodeAt(0)));

/**
 * Cuts what a PostgreSQL client sends into statements. A message is a letter and a length; the first one of a connection
 * has no letter. Parse … Sync is one statement, so is a simple Query; all else is passed through with an empty text.
 * A statement that has a name is sent once a connection; from then on Bind names it.
 */
export function createFrontendReader() {
  let pending: Buffer = Buffer.alloc(0);
  let started = false;
  let open: Buffer[] = [];
  let text = '';
  const named = new Map<string, string>();

  const close = (): Statement => {
    const statement = { text, raw: Buffer.concat(open) };
    open = [];
    text = '';
    return statement;
  };

  return {
    /** Statements that are whole now; what is left waits for more bytes. */
    take(chunk: Buffer): Statement[] {
      pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
      const found: Statement[] = [];
      for (;;) {
        const head = started ? 5 : 4;
        if (pending.length < head) return found;
        const length = pending.readInt32BE(head - 4) + head - 4;
        if (pending.length < length) return found;
        const message = pending.subarray(0, length);
        pending = pending.subarray(length);
        open.push(message);
        if (!started) {
          // A request for encryption is answered with one letter, and the real start-up follows.
          started = !isEncryptionRequest(message);
          found.push(close());
          continue;
        }
        const letter = message[0];
        if (letter === PARSE) {
          text = secondText(message);
          named.set(firstName(message), text);
        }
        if (letter === BIND && text === '') text = named.get(secondText(message)) ?? '';
        if (letter === QUERY) text = firstText(message);
        if (letter === SYNC || !GOES_ON.has(letter ?? 0)) found.push(close());
      }
    },
  };
}

const COMMAND_COMPLETE = 0x43; // 'C'

/** Whether these bytes of a server, which begin with a message, say that a transaction is committed. */
export function saysCommitted(chunk: Buffer): boolean {
  for (let at = 0; at + 5 <= chunk.length; ) {
    const length = chunk.readInt32BE(at + 1) + 1;
    if (chunk[at] === COMMAND_COMPLETE && chunk.toString('latin1', at + 5, at + length - 1) === 'COMMIT') return true;
    at += Math.max(5, length);
  }
  return false;
}

const ENCRYPTION_REQUESTS = new Set([80_877_103, 80_877_104]);
const isEncryptionRequest = (message: Buffer): boolean => message.length === 8 && ENCRYPTION_REQUESTS.has(message.readInt32BE(4));

/** Query: letter, length, text, zero. */
const firstText = (message: Buffer): string => message.toString('utf8', 5, message.length - 1);

/** Parse: letter, length, name, zero, … */
const firstName = (message: Buffer): string => message.toString('utf8', 5, message.indexOf(0, 5));

/** Parse: letter, length, name, zero, text, zero, … Bind: the same with portal and name. */
function secondText(message: Buffer): string {
  const from = message.indexOf(0, 5) + 1;
  return message.toString('utf8', from, message.indexOf(0, from));
}
