import { createHash, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { checksumOf, defaultAlgorithm, hasherFor } from '../../client/part-checksum.js';
import { scratchFolder } from '../stack/scratch-folder.js';

const root = scratchFolder();

test.each([
  ['crc32c', '4waSgw=='],
  ['sha256', 'FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU='],
] as const)('%s of "123456789" is the published one', async (algorithm, sum) => {
  const hasher = (await hasherFor(algorithm))();
  hasher.update(Buffer.from('1234'));
  hasher.update(Buffer.from('56789'));
  expect(hasher.digest()).toBe(sum);
});

test('a slice larger than what is read at once has the checksum of its bytes, and of no others', async () => {
  const bytes = randomBytes(3_000_000);
  const path = join(root, 'slice');
  writeFileSync(path, bytes);
  const file = await open(path, 'r');
  const slice = { offset: 100_000, sizeBytes: 2_500_001 };
  const sum = await checksumOf(file, slice, (await hasherFor('sha256'))());
  expect(sum).toBe(createHash('sha256').update(bytes.subarray(100_000, 2_600_001)).digest('base64'));
  const beyond = { offset: 2_999_000, sizeBytes: 2_000 };
  await expect(checksumOf(file, beyond, (await hasherFor('sha256'))())).rejects.toMatchObject({ code: 'FILE_CHANGED' });
  await file.close();
});

test('the quick one is taken where its native code is there', async () => expect(await defaultAlgorithm()).toBe('crc32c'));
