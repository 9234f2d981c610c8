import { PipelineError } from '../../src/domain/errors.js';
import { isS3Code, isS3Status, translateS3Error } from '../../src/storage/s3-errors.js';

const call = { operation: 'GetObject', key: 'k' };
const translated = (error: unknown): PipelineError => {
  const result = translateS3Error(error, call);
  if (result instanceof PipelineError) return result;
  throw result;
};
const answered = (httpStatus: number, name: string) =>
  Object.assign(new Error('said S3'), { name, $metadata: { httpStatusCode: httpStatus, attempts: 1 } });

describe('an error of the SDK', () => {
  it.each([
    ['500', answered(500, 'InternalError')],
    ['503 with a code nobody knows', answered(503, 'Odd')],
    ['429', answered(429, 'Odd')],
    ['S3 asking for a slower pace in a 400', answered(400, 'RequestTimeout')],
    ['a bucket operation under way in a 409', answered(409, 'OperationAborted')],
    ['a 200 that cannot be read', Object.assign(new SyntaxError('bad XML'), { $response: { statusCode: 200 } })],
    ['a refused connection', Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })],
    ['a name that does not resolve', Object.assign(new Error('dns'), { code: 'EAI_AGAIN' })],
    ['an answer that is not HTTP', Object.assign(new Error('parse'), { code: 'HPE_INVALID_CONSTANT' })],
    ['a time-out', Object.assign(new Error('slow'), { name: 'TimeoutError' })],
    ['a deadline of our own', Object.assign(new Error('aborted'), { name: 'AbortError' })],
    ['no answer at all after several tries', Object.assign(new Error('wrapped'), { $metadata: { attempts: 4 } })],
  ])('is transient: %s', (_case, error) => {
    expect(translated(error).code).toBe('STORAGE_UNAVAILABLE');
  });

  it.each([
    ['a refusal', answered(403, 'AccessDenied')],
    ['a bad request', answered(400, 'InvalidPart')],
    ['a precondition', answered(412, 'PreconditionFailed')],
    ['a redirect to another region', answered(301, 'PermanentRedirect')],
    ['a header that cannot be sent', Object.assign(new TypeError('bad'), { code: 'ERR_INVALID_CHAR' })],
    ['missing credentials', Object.assign(new Error('none'), { name: 'CredentialsProviderError' })],
    ['something that is no error', 'thrown text'],
  ])('is ours: %s', (_case, error) => {
    expect(translated(error).code).toBe('INTERNAL');
  });

  it('keeps what S3 said, for whoever looks at it later', () => {
    const error = translated(Object.assign(answered(403, 'AccessDenied'), { $metadata: { httpStatusCode: 403, requestId: 'r-1', attempts: 1 } }));
    expect(error.details).toEqual({ operation: 'GetObject', key: 'k', s3Code: 'AccessDenied', httpStatus: 403, requestId: 'r-1', attempts: 1 });
    expect(error.message).toContain('GetObject: AccessDenied, said S3');
    expect([isS3Code(error, 'AccessDenied'), isS3Code(error, 'NoSuchKey'), isS3Status(error, 403), isS3Status(error, 404)]).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });

  it('names the network fault', () => {
    expect(translated(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })).details).toMatchObject({ networkCode: 'ECONNREFUSED' });
  });

  it('is the signal reason once the caller has aborted, and stays itself where it is ours already', () => {
    const reason = { any: 'value' };
    expect(translateS3Error(answered(500, 'InternalError'), { ...call, signal: AbortSignal.abort(reason) })).toBe(reason);
    const ours = new PipelineError('SOURCE_CHANGED');
    expect(translateS3Error(ours, call)).toBe(ours);
  });

  it('is transient for a body that had begun, whatever it is', () => {
    expect(translateS3Error(new Error('Checksum mismatch'), { ...call, begun: true })).toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
  });
});
