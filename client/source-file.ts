import { access, constants, type FileHandle, open, realpath, stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { clientFault, codeOf, wordsOf } from './client-fault.js';

/** A file as it was when its upload began. */
export interface FileFacts {
  readonly path: string;
  readonly sizeBytes: number;
  readonly mtimeNs: string;
}

/** Why this file cannot be uploaded, for its owner; null where it can. Empty files can: the API refuses them with its own words. */
export async function unreadable(path: string): Promise<string | null> {
  try {
    const facts = await stat(path);
    if (!facts.isFile()) return `${path} is not a file.`;
    await access(path, constants.R_OK);
    return null;
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT') return `There is no file ${path}. Check the name.`;
    if (code === 'EACCES') return `${path} may not be read by this user.`;
    return `${path} cannot be opened: ${wordsOf(error)}`;
  }
}

/** Opens a file and notes how it is; links are followed, so that one file has one path. @throws ClientFault FILE_NOT_READABLE */
export async function openSource(path: string): Promise<{ readonly file: FileHandle; readonly facts: FileFacts }> {
  const fault = await unreadable(path);
  if (fault !== null) throw clientFault('FILE_NOT_READABLE', fault);
  const file = await open(path, 'r');
  return { file, facts: await factsOf(file, await realpath(path)) };
}

async function factsOf(file: FileHandle, path: string): Promise<FileFacts> {
  const { size, mtimeNs } = await file.stat({ bigint: true });
  return { path, sizeBytes: Number(size), mtimeNs: String(mtimeNs) };
}

/** Parts that were read before and after a change do not make up a file. @throws ClientFault FILE_CHANGED */
export async function checkUnchanged(file: FileHandle, before: FileFacts): Promise<void> {
  const now = await factsOf(file, before.path);
  if (now.sizeBytes === before.sizeBytes && now.mtimeNs === before.mtimeNs) return;
  throw clientFault('FILE_CHANGED', `${before.path} was changed while it was uploaded. Run the same command again: it begins a new upload.`);
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.mp4': 'video/mp4',
  '.m4v': 'video/mp4',
  '.mov': 'video/quicktime',
  '.mkv': 'video/x-matroska',
  '.webm': 'video/webm',
  '.ts': 'video/mp2t',
  '.avi': 'video/x-msvideo',
};

export function contentType(path: string): string {
  return CONTENT_TYPES[extname(path).toLowerCase()] ?? 'application/octet-stream';
}

/** The API refuses control characters and more than 255 characters; a name is only for people. */
export function fileName(path: string): string {
  const name = basename(path)
    .replaceAll(/[\p{Cc}\p{Cs}]/gu, '_')
    .slice(0, 255);
  return name.trim() === '' ? 'file' : name;
}
