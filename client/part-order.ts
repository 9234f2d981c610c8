/**
 * Which of the missing parts go first: the file's own first and last one, which tell what the file is, then the others
 * in order. A part that is there already leaves no gap for its neighbour.
 */
export function partOrder(missing: readonly number[], partCount: number): number[] {
  const isEnd = (part: number): boolean => part === 1 || part === partCount;
  return [...missing.filter(isEnd), ...missing.filter((part) => !isEnd(part))];
}
