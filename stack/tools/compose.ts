import { cpSync } from 'node:fs';
import { join } from 'node:path';
import type { ToolSpec } from './tool.js';

const VERSION = '2.40.3';

/** Docker Compose without an engine: holds docker-compose.yml valid. For tests only. */
export const COMPOSE: ToolSpec = {
  name: 'docker-compose',
  version: VERSION,
  purpose: 'check of docker-compose.yml',
  versionArgs: ['version'],
  accepts: (output) => /version v?2\./.test(output),
  // Published as a bare program, not as an archive.
  release: { baseUrl: '', checksums: '', archive: () => null },
  buildTakes: 'about two minutes',
  // Its module cannot be installed by name (exclude lines): an own module that pins it is built, from a copy.
  async goBuild({ root, work, out }) {
    cpSync(join(root, 'tools', 'compose'), work, { recursive: true });
    const target = join(out, 'docker-compose');
    return {
      args: ['build', '-trimpath', '-ldflags', '-s -w', '-o', target, 'github.com/docker/compose/v2/cmd'],
      env: { CGO_ENABLED: '0' },
      cwd: work,
    };
  },
};
