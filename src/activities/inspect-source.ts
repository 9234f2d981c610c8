import type { Probe } from '../domain/probe.js';
import { probeSource } from '../media/probe.js';
import type { EncoderDeps } from './deps.js';
import type { SourceToInspect } from './load-source.js';
import { readSource, withSource } from './source-input.js';
import { withHeartbeat } from './with-heartbeat.js';

/** Looks at the source without decoding it: what it holds, and whether it is whole. Reads only; twice is once. */
export const inspectSource =
  (deps: EncoderDeps) =>
  ({ truncated, at: _at, ...source }: SourceToInspect): Promise<Probe> =>
    withHeartbeat((_beat, signal) =>
      withSource(deps, source, (input) =>
        probeSource({
          input,
          source,
          truncated,
          ffprobePath: deps.ffprobePath,
          signal,
          readRange: (start, length) => readSource(deps.store, source, start, length),
        }),
      ),
    );
