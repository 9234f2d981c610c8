import { createS3ObjectStore } from '../../src/storage/s3-object-store.js';
import { answers, breaksOff, type Fault, type FaultServer, startFaultServer } from './fault-server.js';

/** The check value that catalogues of CRCs give for CRC-64/NVME: ae8b14860a799888 of these nine characters. */
const TEXT = '123456789';
const SUM = Buffer.from('ae8b14860a799888', 'hex').toString('base64');
let server: FaultServer;
afterEach(() => server.close());

const answer = (text: string, checksum: string | null = SUM): Fault =>
  answers(200, text, {
    etag: '"e"',
    'last-modified': new Date(0).toUTCString(),
    ...(checksum === null ? {} : { 'x-amz-checksum-crc64nvme': checksum, 'x-amz-checksum-type': 'FULL_OBJECT' }),
  });
async function prove(...faults: readonly [Fault, ...Fault[]]) {
  server = await startFaultServer(...faults);
  const store = createS3ObjectStore({
    endpoint: server.endpoint,
    region: 'us-east-1',
    bucket: 'b',
    credentials: { accessKeyId: 'a', secretAccessKey: 's' },
    timeouts: { idleMs: 500 },
  });
  try {
    return await store.prove('k', { etag: 'e' });
  } finally {
    store.close();
  }
}
const ZEROED = TEXT.slice(0, 5).padEnd(TEXT.length, '\0');

describe('proving that an object is what came', () => {
  it('asks for the very object, and believes the checksum', async () => {
    expect(await prove(answer(TEXT))).toBe('proven');
    expect(server.requests).toEqual(['GET /b/k?x-id=GetObject']);
    expect(server.headers[0]).toMatchObject({ 'if-match': '"e"', 'x-amz-checksum-mode': 'ENABLED' });
  });

  it('finds one with zeros behind what came, and has read it twice before it says so', async () => {
    expect(await prove(answer(ZEROED))).toBe('broken');
    expect(server.requests).toHaveLength(2);
  });

  it('one that was only garbled on the way is not broken', async () => {
    expect(await prove(answer(ZEROED), answer(TEXT))).toBe('proven');
  });

  it.each(['close', 'hang'] as const)('a body that ends early says nothing (%s): it is asked for again later', async (then) => {
    const cut: Fault = (incoming, out, body) => {
      out.setHeader('x-amz-checksum-crc64nvme', SUM);
      breaksOff(TEXT.slice(0, 5), TEXT.length, then)(incoming, out, body);
    };
    await expect(prove(cut)).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
  });

  it.each([
    ['no checksum', null],
    ['a checksum of its parts’ checksums', 'AAAAAAAAAAA=-2'],
  ])('where the store has %s it is not read, and nothing is known', async (_case, checksum) => {
    expect(await prove(answer(ZEROED, checksum))).toBe('unknown');
    expect(server.requests).toHaveLength(1);
  });
});
