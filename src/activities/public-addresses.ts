import { BlockList, isIP } from 'node:net';

/** What is no address of somebody out there: https://www.iana.org/assignments/iana-ipv4-special-registry and its twin for IPv6. */
const NOT_PUBLIC_V4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const;

/** Global unicast is 2000::/3 and nothing else; these lie in it. 2002::/16 and 2001::/23 carry addresses of IPv4 in them. */
const NOT_PUBLIC_V6 = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['2620:4f:8000::', 48],
  ['3fff::', 20],
] as const;

const v4 = new BlockList();
for (const [net, bits] of NOT_PUBLIC_V4) v4.addSubnet(net, bits, 'ipv4');
const v6 = new BlockList();
for (const [net, bits] of NOT_PUBLIC_V6) v6.addSubnet(net, bits, 'ipv6');
const globalUnicast = new BlockList();
globalUnicast.addSubnet('2000::', 3, 'ipv6');

/**
 * Whether a numeric address is one of the public internet. What carries an IPv4 address in IPv6 (mapped, NAT64, 6to4,
 * Teredo) is not: nothing out there is reached by such a name alone.
 */
export function isPublicAddress(address: string): boolean {
  const [bare = '', zone] = address.split('%');
  if (zone !== undefined) return false;
  const family = isIP(bare);
  if (family === 4) return !v4.check(bare, 'ipv4');
  return family === 6 && globalUnicast.check(bare, 'ipv6') && !v6.check(bare, 'ipv6');
}
