import { describe, expect, test } from '@jest/globals';
import { arrivedKeys } from '../../../src/api/arrivals.js';

const record = (key: string, eventName = 'ObjectCreated:Put') => ({
  eventVersion: '2.6',
  eventName,
  s3: { bucket: { name: 'b' }, object: { key, size: 1 } },
});

describe('what a store’s event tells of', () => {
  test.each([
    [
      'AWS, which encodes keys as forms do',
      { Records: [record('intake/acme/my+clip%2B%C3%A9.mp4')] },
      ['intake/acme/my+clip%2B%C3%A9.mp4', 'intake/acme/my clip+é.mp4'],
    ],
    ['versitygw, which does not', { Records: [record('intake/acme/100%.mp4', 's3:ObjectCreated:Put')] }, ['intake/acme/100%.mp4']],
    ['MinIO', { EventName: 's3:ObjectCreated:Put', Key: 'b/intake/acme/a.mp4', Records: [record('intake/acme/a.mp4')] }, ['intake/acme/a.mp4']],
    ['SNS', { Type: 'Notification', Message: JSON.stringify({ Records: [record('intake/acme/a.mp4')] }) }, ['intake/acme/a.mp4']],
    [
      'EventBridge',
      { 'detail-type': 'Object Created', detail: { bucket: { name: 'b' }, object: { key: 'intake/acme/a.mp4' } } },
      ['intake/acme/a.mp4'],
    ],
    ['the same object five times', { Records: Array.from({ length: 5 }, () => record('intake/acme/a.mp4')) }, ['intake/acme/a.mp4']],
  ])('%s', (_who, body, keys) => expect(arrivedKeys(body)).toEqual(keys));

  test.each([
    ['a test event', { Event: 's3:TestEvent' }],
    ['other prefixes', { Records: [record('sources/acme/v/u'), record('intake/folder/'), record('intake/nobody')] }],
    ['text that is no notification of ours', { Message: 'hello' }],
    ['nonsense', { Records: [null, 1, { s3: [] }, { s3: { object: { key: 7 } } }] }],
    ['nothing', null],
  ])('%s is no hint, and no fault', (_what, body) => expect(arrivedKeys(body)).toEqual([]));

  test('one call looks at no more than a hundred keys', () => {
    expect(arrivedKeys({ Records: Array.from({ length: 500 }, (_item, n) => record(`intake/acme/${n}`)) })).toHaveLength(100);
  });
});
