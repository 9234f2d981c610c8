import { createUploadTokens } from '../../src/api/upload-token.js';
import { redacted } from '../../src/runtime/logger.js';

test('a line of the log carries no signature, key or token, wherever it stands', () => {
  const token = createUploadTokens(['a secret of more than thirty-two letters']).issue(`upl_${'0af1'.repeat(8)}`);
  const line = JSON.stringify({
    err: { message: `GET /v1/uploads/${token}/s3/params failed`, stack: `at ${token}\n` },
    url: 'http://s3/b/k?X-Amz-Credential=AKIA%2Fx&X-Amz-Signature=abcdef0123&x-id=PutObject',
    key: 'rm_test_acme1_0123456789abcdef0123',
    upload_id: 'upl_1',
  });
  const clean = redacted(line);
  for (const secret of [token, token.slice(-43), 'AKIA', 'abcdef0123', '0123456789abcdef']) expect(clean).not.toContain(secret);
  expect(JSON.parse(clean)).toMatchObject({ upload_id: 'upl_1', err: { message: 'GET /v1/uploads/upt_[redacted]/s3/params failed' } });
});
