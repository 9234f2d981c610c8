/**
 * A lock that outlives nobody: a folder that names the process which holds it by pid *and* start time. Whoever finds
 * a holder that is gone takes the lock over, so kill -9 at any point leaves nothing to clean up by hand.
 * Plain JavaScript on Node built-ins: it works before anything is installed.
 */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * What tells this process from a later one under the same pid; null where no such process lives (a zombie does not).
 * Linux: boot id and start time in clock ticks; elsewhere the start time that ps prints.
 */
export function identityOf(pid) {
  try {
    if (process.platform !== 'linux') return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || null;
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name stands in brackets and may hold spaces and brackets itself: fields are counted behind the last one.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? null : `${bootId()}-${fields[19]}`;
  } catch {
    return null;
  }
}

/** One try. The holder's pid where somebody else lives in there. */
export function tryLock(folder) {
  const me = { pid: process.pid, identity: identityOf(process.pid), nonce: randomBytes(8).toString('hex') };
  mkdirSync(dirname(folder), { recursive: true });
  for (let round = 0; round < 5; round += 1) {
    if (moveIn(folder, me)) return { held: true, release: () => release(folder, me) };
    const holder = readOwner(folder);
    if (holder && identityOf(holder.pid) === holder.identity) return { held: false, pid: holder.pid };
    evict(folder, holder);
  }
  return { held: false, pid: 0 };
}

/** Runs `work` while holding the lock; `onWait(pid)` is called once where somebody else has it. */
export async function withLock(folder, onWait, work) {
  let told = false;
  for (;;) {
    const lock = tryLock(folder);
    if (lock.held) {
      try {
        return await work();
      } finally {
        lock.release();
      }
    }
    if (!told) onWait(lock.pid);
    told = true;
    await sleep(200);
  }
}

/** A folder that already names its owner is renamed into place: nobody ever sees a lock without an owner. */
function moveIn(folder, me) {
  const fresh = `${folder}.${me.nonce}`;
  mkdirSync(fresh);
  writeFileSync(join(fresh, 'owner.json'), JSON.stringify(me));
  try {
    renameSync(fresh, folder);
    return true;
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    if (['ENOTEMPTY', 'EEXIST', 'EPERM', 'EACCES'].includes(error.code) && readOwner(folder)) return false;
    throw error;
  }
}

/** Two may find the same dead holder: what was moved away is looked at again, and put back if it lives. */
function evict(folder, holder) {
  const away = `${folder}.gone-${randomBytes(8).toString('hex')}`;
  try {
    renameSync(folder, away);
  } catch (error) {
    if (error.code === 'ENOENT') return;
    throw error;
  }
  const taken = readOwner(away);
  if (taken && taken.nonce !== holder?.nonce && identityOf(taken.pid) === taken.identity) renameSync(away, folder);
  else rmSync(away, { recursive: true, force: true });
}

function release(folder, me) {
  if (readOwner(folder)?.nonce === me.nonce) rmSync(folder, { recursive: true, force: true });
}

function readOwner(folder) {
  try {
    return JSON.parse(readFileSync(join(folder, 'owner.json'), 'utf8'));
  } catch {
    return null;
  }
}

let boot;
function bootId() {
  boot ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').slice(0, 8);
  return boot;
}
