import { isIPv6 } from 'node:net';
import type { ApiContext } from './context.js';

/**
 * Where a request comes from, as far as it can be believed: the other end of the connection, or, with `proxies` of ours in
 * front, the address that the first of them wrote. What stands before that in the header anybody may have written.
 * An IPv6 network of 64 bits counts as one address, since whoever has one of its addresses has them all.
 */
export function clientAddress(ctx: Pick<ApiContext, 'get' | 'req'>, proxies: number): string {
  const told = proxies > 0 ? ctx.get('X-Forwarded-For').split(',').at(-proxies)?.trim() : undefined;
  return networkOf(told || ctx.req.socket.remoteAddress || '');
}

function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  if (!isIPv6(plain)) return plain;
  const [head = '', tail] = plain.split('::');
  const [front, back] = [groupsOf(head), tail === undefined ? [] : groupsOf(tail)];
  const all = [...front, ...Array<string>(Math.max(0, 8 - front.length - back.length)).fill('0'), ...back];
  return `${all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}

const groupsOf = (text: string): string[] => (text === '' ? [] : text.split(':'));
