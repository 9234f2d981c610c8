import { Context } from '@temporalio/activity';
import { type ActivityFailure, type ApplicationFailure, DefaultFailureConverter, defaultPayloadConverter } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import { createFailureInterceptor, shortened } from '../../src/activities/failure-interceptor.js';
import { PipelineError } from '../../src/domain/errors.js';
import { act } from './generation.js';

/** The server's limit for the failure of a pending activity, bytes. */
const LIMIT_BYTES = 4096;

const failureOf = (error: unknown): Promise<ApplicationFailure | ActivityFailure> =>
  act(async () => {
    const run = createFailureInterceptor().execute;
    if (run === undefined) throw new Error('no interceptor');
    return run
      .call({}, { args: [], headers: {} }, () => Promise.reject(error))
      .then(
        () => Promise.reject(new Error('it did not fail')),
        (failure) => {
          expect(Context.current()).toBeDefined();
          return failure as ApplicationFailure;
        },
      );
  });

const bytesOf = (failure: Error): number => {
  const proto = new DefaultFailureConverter().errorToFailure(failure, defaultPayloadConverter);
  return temporal.api.failure.v1.Failure.encode(proto).finish().length;
};

test('the failure of the longest command with the longest stderr keeps its code: it stays below the limit', async () => {
  const details = { exitCode: 1, signal: null, command: `ffmpeg ${'x'.repeat(8000)}`, stderrTail: `${'y'.repeat(1999)}!` };
  const cause = new Error('z'.repeat(5000));
  const failure = await failureOf(new PipelineError('ENCODE_FAILED', { details, cause, note: 'Chunk 7.' }));
  expect(failure).toMatchObject({ type: 'ENCODE_FAILED', message: expect.stringContaining('Chunk 7.') });
  expect(bytesOf(failure)).toBeLessThan(LIMIT_BYTES);
  const [kept] = (failure as ApplicationFailure).details as [typeof details];
  expect(kept).toMatchObject({
    exitCode: 1,
    signal: null,
    command: expect.stringMatching(/^ffmpeg x+…$/),
    stderrTail: expect.stringMatching(/^…y+!$/),
  });
});

test('an unknown error with a long stack stays below it too', async () => {
  const error = new Error('a'.repeat(4000));
  error.stack = 'b'.repeat(20_000);
  expect(bytesOf(await failureOf(error))).toBeLessThan(LIMIT_BYTES);
});

test('short details are the same value', () => {
  const details = { command: 'ffmpeg -i x', exitCode: 1 };
  expect(shortened(details)).toBe(details);
});
