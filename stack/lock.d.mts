/** Types of lock.mjs, which is plain JavaScript because it is needed before TypeScript is there. */
export function identityOf(pid: number): string | null;
export type Lock = { readonly held: true; readonly release: () => void } | { readonly held: false; readonly pid: number };
export function tryLock(folder: string): Lock;
export function withLock<T>(folder: string, onWait: (pid: number) => void, work: () => Promise<T>): Promise<T>;
