import type { ToolSpec } from './tool.js';

const VERSION = '1.8.0';

/** An S3 server over plain files. */
export const VERSITYGW: ToolSpec = {
  name: 'versitygw',
  version: VERSION,
  purpose: 'object store (S3)',
  versionArgs: ['--version'],
  // Builds from source call themselves "git": any that runs will do, the object store's own probes tell the rest.
  accepts: (output) => /Version\s*:/.test(output),
  release: {
    baseUrl: `https://github.com/versity/versitygw/releases/download/v${VERSION}`,
    checksums: 'checksums.txt',
    archive(platform, arch) {
      const system = { linux: 'Linux', darwin: 'Darwin' }[platform];
      const cpu = { x64: 'x86_64', arm64: 'arm64' }[arch];
      return system && cpu ? `versitygw_v${VERSION}_${system}_${cpu}.tar.gz` : null;
    },
  },
  buildTakes: 'about a minute',
  async goBuild({ work, out }) {
    return { args: ['install', `github.com/versity/versitygw/cmd/versitygw@v${VERSION}`], env: { GOBIN: out, CGO_ENABLED: '0' }, cwd: work };
  },
};
