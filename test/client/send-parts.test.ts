import { cureOf } from '../../client/send-parts.js';

test.each([
  [403, 'sign-again'],
  [401, 'sign-again'],
  [400, 'read-again'],
  [412, 'read-again'],
  [404, 'ask'],
  [408, 'send-again'],
  [429, 'send-again'],
  [500, 'send-again'],
  [503, 'send-again'],
])('an answer of %d is cured by: %s', (status, cure) => expect(cureOf(status)).toBe(cure));
