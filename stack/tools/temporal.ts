import { cpSync } from 'node:fs';
import { join } from 'node:path';
import type { ToolSpec } from './tool.js';

const VERSION = '1.8.2';

/** The Temporal CLI with its development server and UI. Exactly this version: the server does not migrate its file. */
export const TEMPORAL: ToolSpec = {
  name: 'temporal',
  version: VERSION,
  purpose: 'workflow server and its UI',
  versionArgs: ['--version'],
  accepts: (output) => output.includes(`version ${VERSION} `),
  release: {
    baseUrl: `https://github.com/temporalio/cli/releases/download/v${VERSION}`,
    checksums: 'checksums.txt',
    archive(platform, arch) {
      const cpu = { x64: 'amd64', arm64: 'arm64' }[arch];
      return cpu && ['linux', 'darwin'].includes(platform) ? `temporal_cli_${VERSION}_${platform}_${cpu}.tar.gz` : null;
    },
  },
  buildTakes: '3-5 minutes',
  // `go install` refuses this module because of its replace line: an own module that pins it is built, from a copy, so
  // that go never writes into the checkout.
  async goBuild({ root, work, out }) {
    cpSync(join(root, 'tools', 'temporal'), work, { recursive: true });
    const flags = `-s -w -X github.com/temporalio/cli/internal/temporalcli.Version=${VERSION}`;
    return {
      args: [
        'build',
        '-trimpath',
        '-tags',
        'disable_grpc_modules',
        '-ldflags',
        flags,
        '-o',
        join(out, 'temporal'),
        'github.com/temporalio/cli/cmd/temporal',
      ],
      env: { CGO_ENABLED: '0' },
      cwd: work,
    };
  },
};
