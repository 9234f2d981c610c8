import { cpuMsOf, type ProcStat, parseProcessorTicks, parseStat, stolenShare, treeOf } from '../../bench/proc.js';

describe('a line of /proc/pid/stat', () => {
  it('is read from behind the name, which may hold anything', () => {
    const line = '42 (a) b (c) S 7 42 42 0 -1 4194560 1 2 3 4 100 20 30 4 20 0 1 0 5 6 7';
    expect(parseStat(line)).toEqual({ pid: 42, parent: 7, name: 'a) b (c', ownCpuMs: 1200, waitedCpuMs: 340 });
  });

  it('that is none is refused', () => {
    expect(() => parseStat('42 (cut')).toThrow(RangeError);
  });
});

describe('what the processors did', () => {
  const at = (line: string) => parseProcessorTicks(`${line}\ncpu0 1 1 1 1 1 1 1 1 0 0\nintr 5\n`);

  it('is counted once, guests and single processors not again', () => {
    expect(at('cpu  100 1 20 300 5 0 7 60 50 0')).toEqual({ all: 493, stolen: 60 });
  });

  it('says which share the host gave to others', () => {
    const [from, to] = [at('cpu  100 0 0 100 0 0 0 10 0 0'), at('cpu  150 0 0 125 0 0 0 35 0 0')];
    expect(stolenShare(from, to)).toBe(0.25);
    expect(stolenShare(from, from)).toBe(0);
  });

  it('is not made up where it cannot be read', () => {
    expect(() => parseProcessorTicks('cpu  1 2 3\n')).toThrow(RangeError);
  });
});

describe('a tree of processes', () => {
  const one = (pid: number, parent: number): ProcStat => ({ pid, parent, name: 'x', ownCpuMs: pid, waitedCpuMs: 1000 });

  it('holds what is below its root, and nothing beside it', () => {
    const all = [one(5, 3), one(3, 2), one(2, 1), one(4, 1), one(1, 0)];
    const tree = treeOf(2, all);
    expect(tree.map(({ pid }) => pid)).toEqual([2, 3, 5]);
    expect(cpuMsOf(tree)).toBe(3010);
  });
});
