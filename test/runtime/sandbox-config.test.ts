import { describe, expect, it } from '@jest/globals';
import { loadConfig } from '../../src/runtime/config.js';

describe('an encoder on a machine without sandboxes', () => {
  it('refuses to start, says why and what to do, and lists every other fault with it', () => {
    const start = () => loadConfig('encoder', { LOG_LEVEL: 'loud' }, 'unshare: Operation not permitted');
    expect(start).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
    expect(start).toThrow(/LOG_LEVEL.*ALLOW_UNSANDBOXED: ffmpeg cannot be shut in.*unshare: Operation not permitted.*it is not set/s);
  });

  it('starts once somebody has allowed it, with exactly the word 1', () => {
    expect(loadConfig('encoder', { ALLOW_UNSANDBOXED: '1' }, 'no perl')).toMatchObject({ ALLOW_UNSANDBOXED: true });
    expect(() => loadConfig('encoder', { ALLOW_UNSANDBOXED: '0' }, 'no perl')).toThrow(/ALLOW_UNSANDBOXED.*got "0"/s);
    expect(() => loadConfig('encoder', { ALLOW_UNSANDBOXED: 'yes' }, null)).toThrow(/ALLOW_UNSANDBOXED/);
  });

  it('has nothing to say where there is one', () => {
    expect(loadConfig('encoder', {}, null)).toMatchObject({ ALLOW_UNSANDBOXED: false });
  });
});
