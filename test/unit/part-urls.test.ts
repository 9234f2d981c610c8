import { S3Client, type S3ClientConfig, UploadPartCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { jest } from '@jest/globals';
import { checksumFields } from '../../src/storage/s3-checksums.js';
import { createPartUrls } from '../../src/storage/s3-part-urls.js';

const credentials = { accessKeyId: 'AKIA/of+a=test', secretAccessKey: 'secret', sessionToken: 'a/token+with=signs' };
const common: S3ClientConfig = {
  region: 'eu-central-1',
  credentials,
  requestChecksumCalculation: 'WHEN_REQUIRED',
  responseChecksumValidation: 'WHEN_REQUIRED',
};
const places: readonly (readonly [string, S3ClientConfig, string])[] = [
  ['AWS', common, 'a-bucket'],
  ['AWS, a bucket with dots', common, 'a.bucket'],
  ['a server by path', { ...common, endpoint: 'http://127.0.0.1:7070', forcePathStyle: true }, 'a-bucket'],
  ['a server below a path', { ...common, endpoint: 'https://files.example/s3', forcePathStyle: true }, 'a-bucket'],
];
const part = { key: "sources/a tenant/vid_1/(it's*)!~é+&?#.mp4", multipartId: 'a/b+c=d é', partNumber: 7, sizeBytes: 8_388_608, ttlS: 900 };
const parts = [
  ['with its size', part],
  ['without a size', { ...part, sizeBytes: null }],
  ['with a SHA-256', { ...part, checksum: { algorithm: 'sha256', value: 'A/B+C=' } as const }],
  ['with a CRC-32C', { ...part, checksum: { algorithm: 'crc32c', value: '4waSgw==' } as const }],
] as const;

describe('the address of a part', () => {
  beforeEach(() => jest.useFakeTimers({ now: Date.parse('2026-02-03T04:05:06Z'), doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] }));
  afterEach(() => jest.useRealTimers());

  describe.each(places)('at %s', (_name, config, bucket) => {
    it.each(parts)('%s is the one that the SDK gives', async (_case, wanted) => {
      const presigner = new S3Client(config);
      const { key, multipartId, partNumber, sizeBytes, ttlS } = wanted;
      const checksum = 'checksum' in wanted ? wanted.checksum : null;
      const command = new UploadPartCommand({
        ...{ Bucket: bucket, Key: key, UploadId: multipartId, PartNumber: partNumber, ContentLength: sizeBytes ?? undefined },
        ...checksumFields(checksum),
      });
      const unhoistableHeaders = new Set(checksum ? [`x-amz-checksum-${checksum.algorithm}`] : []);
      const wish = await getSignedUrl(presigner, command, { expiresIn: ttlS, unhoistableHeaders });
      const ours = await createPartUrls({ presigner, bucket, region: 'eu-central-1' })({ ...wanted, checksum });
      const sorted = (url: string) => ({ place: url.split('?')[0], query: url.split('?')[1]?.split('&').sort() });
      expect(sorted(ours)).toEqual(sorted(wish));
    });
  });

  it('is asked for again where there were no credentials the first time', async () => {
    let known = false;
    const presigner = new S3Client({ ...common, credentials: () => (known ? Promise.resolve(credentials) : Promise.reject(new Error('none yet'))) });
    const sign = createPartUrls({ presigner, bucket: 'a-bucket', region: 'eu-central-1' });
    await expect(sign({ ...part, checksum: null })).rejects.toThrow('none yet');
    known = true;
    expect(await sign({ ...part, checksum: null })).toContain('X-Amz-Signature=');
  });
});
