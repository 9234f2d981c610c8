import { type ExpertWish, expertArgs, oneCommandARung } from '../../bench/expert-args.js';
import { lavfiArgs, sourceArgs } from '../../bench/source-args.js';
import { ladderFor } from '../../src/domain/ladder.js';

const wish: ExpertWish = {
  source: 's.mp4',
  rungs: ladderFor({ width: 1280, height: 720, fps: 30 }),
  gopFrames: 60,
  preset: 'veryfast',
  folder: 'out',
};
const X264 = (crf: string): string =>
  `-c:v libx264 -preset veryfast -crf ${crf} -profile:v high -pix_fmt yuv420p -g 60 -keyint_min 60 -sc_threshold 0`;

describe('the commands that the product is held to', () => {
  it('are one with a split, on all cores', () => {
    expect(expertArgs(wish).join(' ')).toBe(
      '-nostdin -y -v error -i s.mp4 -filter_complex [0:v]split=2[s0][s1];[s0]zscale=1280:720:filter=bicubic,setsar=1[r0];[s1]zscale=854:480:filter=bicubic,setsar=1[r1]' +
        ` -map [r0] ${X264('23 -maxrate 2800k -bufsize 5600k')} out/720p.mp4 -map [r1] ${X264('23 -maxrate 1400k -bufsize 2800k')} out/480p.mp4` +
        ' -map 0:a -c:a aac -b:a 128k -ac 2 out/audio.m4a',
    );
  });

  it('are one a rung, the sound with the first', () => {
    const commands = oneCommandARung({ ...wish, scaler: () => 'scale=2:2' }).map((args) => args.join(' '));
    expect(commands).toHaveLength(2);
    expect(commands[0]).toMatch(/^-nostdin -y -v error -i s\.mp4 -vf scale=2:2 -map 0:v .* out\/720p\.mp4 -map 0:a .* out\/audio\.m4a$/);
    expect(commands[1]).not.toContain('audio');
  });
});

describe('the benchmark source', () => {
  const clips = [
    { path: 'a.mp4', seconds: 12 },
    { path: 'b.webm', seconds: 7.8 },
  ];
  const wanted = { width: 1920, height: 1080, fps: 30, seconds: 60, seed: 1 };

  it('is the same for the same seed, another for another', () => {
    expect(sourceArgs(wanted, clips)).toEqual(sourceArgs(wanted, clips));
    expect(sourceArgs({ ...wanted, seed: 2 }, clips)).not.toEqual(sourceArgs(wanted, clips));
  });

  it('takes the clips in turn until it is long enough, no take like another', () => {
    const argv = sourceArgs(wanted, clips);
    const inputs = argv.filter((_, n) => argv[n - 1] === '-i');
    expect(inputs.length).toBeGreaterThanOrEqual(Math.ceil(61 / 12));
    expect(inputs.every((path, n) => path === (n % 2 === 0 ? 'a.mp4' : 'b.webm'))).toBe(true);
    const chains = (argv[argv.indexOf('-filter_complex') + 1] ?? '').split(';').filter((chain) => /^\[\d+:v\]/.test(chain));
    expect(new Set(chains.map((chain) => chain.replaceAll(/\[\w+(:v)?\]/g, ''))).size).toBe(inputs.length);
    expect(new Set(chains.map((chain) => /STARTPTS\)\/([\d.]+),/.exec(chain)?.[1])).size).toBeGreaterThan(1);
    expect(argv.join(' ')).toContain('-preset medium -crf 18 -pix_fmt yuv420p -x264-params open-gop=1:keyint=250 -frames:v 1800');
  });

  it('is made of test patterns where there are no clips', () => {
    expect(lavfiArgs(wanted).join(' ')).toContain('testsrc2=size=1920x1080:rate=30');
  });
});
