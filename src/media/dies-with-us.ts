import { existsSync } from 'node:fs';

const SETPRIV = ['/usr/bin/setpriv', '/bin/setpriv'].find((path) => existsSync(path));

/**
 * Words in front of a command that tie its life to the thread that starts it, even under kill -9: util-linux's setpriv,
 * which becomes the command by exec, so that the process id stays. Empty where there is none.
 */
export const DIES_WITH_US: readonly string[] = SETPRIV === undefined ? [] : [SETPRIV, '--pdeathsig', 'KILL', '--'];
