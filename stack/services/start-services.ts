import type { Supervisor } from '../supervise.js';
import { obtainTool } from '../tools/find-tool.js';
import { toolPlaces } from '../tools/places.js';
import { TEMPORAL } from '../tools/temporal.js';
import { VERSITYGW } from '../tools/versitygw.js';
import { type ExternalService, externalPostgres, externalS3, externalTemporal } from './external.js';
import { createPostgres } from './postgres.js';
import { createS3 } from './s3.js';
import type { Service, ServiceContext } from './service.js';
import { createTemporal, type TemporalService } from './temporal.js';

/** How to reach each of the three, whoever runs it. */
export interface RunningServices {
  readonly postgres: ExternalService;
  readonly s3: ExternalService;
  readonly temporal: ExternalService;
  /** null where somebody else runs Temporal: we do not know its UI. */
  readonly temporalUi: string | null;
}

/**
 * The programs that embedded services run, found, fetched or built. A build takes minutes, once: whoever gives a stack only so
 * long to come up has them before he starts it.
 * @throws StackFault with what to do
 */
export async function obtainServiceTools(root: string, env: ServiceContext['env'], say: (line: string) => void): Promise<void> {
  // One after the other: a build uses every core.
  for (const spec of [VERSITYGW, TEMPORAL]) await obtainTool(spec, toolPlaces(root, env), say);
}

/**
 * PostgreSQL, S3 and Temporal: each the one that the environment names, else an embedded one under the supervisor.
 * Resolves when all three answer.
 */
export async function startServices(context: ServiceContext, supervisor: Supervisor): Promise<RunningServices> {
  const { env, root, say } = context;
  const [postgres, s3, temporal] = await Promise.all([externalPostgres(env), externalS3(env), externalTemporal(env)]);
  const places = toolPlaces(root, env);
  // One after the other: a build uses every core.
  const versitygw = s3 ? null : await obtainTool(VERSITYGW, places, say);
  const cli = temporal ? null : await obtainTool(TEMPORAL, places, say);

  const embeddedPostgres = postgres ? null : createPostgres(context);
  const embeddedS3 = versitygw ? createS3(context, versitygw.path) : null;
  const embeddedTemporal: TemporalService | null = cli ? createTemporal(context, cli) : null;
  const embedded: readonly (Service | null)[] = [embeddedPostgres, embeddedS3, embeddedTemporal];
  await Promise.all(embedded.map(async (service) => service && (await supervisor.start(service.part))));
  return {
    postgres: postgres ?? embeddedPostgres?.clientEnv() ?? {},
    s3: s3 ?? embeddedS3?.clientEnv() ?? {},
    temporal: temporal ?? embeddedTemporal?.clientEnv() ?? {},
    temporalUi: embeddedTemporal?.uiUrl() ?? null,
  };
}
