/** One-line texts about a file, for the lists that operators read. */

/** "999 B", "2.8 MB", "10.0 GB": powers of 1000. */
export function bytesText(sizeBytes: number): string {
  if (sizeBytes < 1000) return `${sizeBytes} B`;
  const power = Math.min(3, Math.floor(Math.log10(sizeBytes) / 3));
  return `${(sizeBytes / 1000 ** power).toFixed(1)} ${['kB', 'MB', 'GB'][power - 1]}`;
}

/** A file name is the owner's text: no markup and no invisible characters of it reach an operator's screen. At most 80 characters. */
export const plainName = (text: string): string => text.replace(/[\p{C}`*_[\]<>|]/gu, ' ').slice(0, 80) || 'no name yet';

/** The same where the size may not be known. */
export const sizeText = (sizeBytes: number | null): string => (sizeBytes === null ? 'size not known yet' : bytesText(sizeBytes));

/** "clip.mp4 · 10.0 MB · tenant dev" */
export function fileSummary(file: { readonly fileName: string; readonly sizeBytes: number | null; readonly tenantId: string }): string {
  return `${plainName(file.fileName)} · ${sizeText(file.sizeBytes)} · tenant ${file.tenantId}`;
}
