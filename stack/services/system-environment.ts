/** Variables of ours, of the services and of npm: a child gets those only where its part sets them. */
const KEPT_BACK = /^(npm_|INIT_CWD$|PG[A-Z]+$|DATABASE_URL$|TEMPORAL_|AWS_|ROOT_ACCESS_KEY|ROOT_SECRET|VGW_|S3_|DEV_API_KEY$|REELMILL_)/;

/** What every child inherits: the user's environment without credentials and without what npm adds. */
export function systemEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) if (value !== undefined && !KEPT_BACK.test(name)) kept[name] = value;
  return kept;
}
