import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { isAlive, markOf, type ProcessMark } from '../stack/processes.js';

/** Every process below `pid`, parents first, from /proc/PID/task/TID/children: nothing is looked for by name. */
export function familyOf(pid: number): ProcessMark[] {
  const children = childrenOf(pid);
  const marks = children.map(markOf).filter((mark) => mark !== null);
  return [...marks, ...children.flatMap(familyOf)];
}

/** Those below `pid` that run ffmpeg by now: not the wrappers that become it, not ffprobe. */
export function ffmpegsBelow(pid: number): ProcessMark[] {
  return familyOf(pid).filter((mark) => basename(read(() => readlinkSync(`/proc/${mark.pid}/exe`)) ?? '').startsWith('ffmpeg'));
}

/**
 * Remembers everything that was ever seen below the workers. ffmpeg gets no environment, so the stack's mark is not on
 * it: one that outlived its worker can only be found by who saw it before.
 */
export function createCensus(parents: () => readonly number[]) {
  const seen = new Map<string, ProcessMark>();
  const look = (): void => {
    for (const mark of parents().flatMap(familyOf)) seen.set(`${mark.pid} ${mark.identity}`, mark);
  };
  const timer = setInterval(look, 400);
  return {
    look,
    alive: (): ProcessMark[] => [...seen.values()].filter(isAlive),
    close: (): void => clearInterval(timer),
  };
}
export type Census = ReturnType<typeof createCensus>;

function childrenOf(pid: number): number[] {
  const threads = read(() => readdirSync(`/proc/${pid}/task`)) ?? [];
  return threads.flatMap((thread) => {
    const text = read(() => readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8')) ?? '';
    return text.split(' ').filter(Boolean).map(Number);
  });
}

/** A process may end between two looks: then there is nothing to read, and null says so. */
function read<T>(look: () => T): T | null {
  try {
    return look();
  } catch {
    return null;
  }
}
